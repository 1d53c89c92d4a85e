import type { Redis } from 'ioredis';
import { SWITCHES_CHANNEL } from '../redis/keys.ts';
import { createLookout } from '../redis/lookout.ts';
import type { Mode } from './mode.ts';
import { createSwitches } from './switches.ts';

/** What a switch board looks at, and who is told what it sees. */
export interface SwitchBoardOptions {
  /** A connection for requests to the queue role. */
  readonly redis: Redis;
  /** A connection for channels of the queue role; others may listen on it too. */
  readonly subscriber: Redis;
  /** How often it looks without a hint. */
  readonly everyMs?: number;
  readonly onChange?: (query: string, mode: Mode) => void;
  readonly onError: (error: unknown) => void;
}

/** What a process knows of the switches, always at hand. While Redis is away, what was known last stands. */
export interface SwitchBoard {
  modeOf(query: string): Mode;
  /** Looks now, at every hint, whenever Redis comes back, and every two seconds. */
  start(): void;
  stop(): void;
  /** Looks once; resolves when the board shows what stood there. Never rejects. */
  tick(): Promise<void>;
}

const LOOK_EVERY_MS = 2_000;

/** A board on which every switch is `normal` until it has looked. */
export function createSwitchBoard(options: SwitchBoardOptions): SwitchBoard {
  const { redis, subscriber, everyMs = LOOK_EVERY_MS, onChange, onError } = options;
  const switches = createSwitches(redis);
  let modes: ReadonlyMap<string, Mode> = new Map();
  let looks = 0;
  let shown = 0;

  async function tick(): Promise<void> {
    const look = ++looks;
    try {
      const seen = await switches.readAll();
      // A look that was overtaken by a later one may have seen less.
      if (look < shown) return;
      shown = look;
      const before = modes;
      modes = seen;
      if (onChange) tellChanges(before, seen, onChange);
    } catch (error) {
      onError(error);
    }
  }
  const lookout = createLookout({
    redis,
    subscriber,
    channel: SWITCHES_CHANNEL,
    everyMs,
    look: () => void tick(),
    onError,
  });
  return {
    modeOf: (query) => modes.get(query) ?? 'normal',
    tick,
    ...lookout,
  };
}

function tellChanges(
  before: ReadonlyMap<string, Mode>,
  after: ReadonlyMap<string, Mode>,
  onChange: (query: string, mode: Mode) => void,
): void {
  for (const query of new Set([...before.keys(), ...after.keys()])) {
    const mode = after.get(query) ?? 'normal';
    if (mode !== (before.get(query) ?? 'normal')) onChange(query, mode);
  }
}
