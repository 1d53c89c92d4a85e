import type { Redis } from 'ioredis';
import { EPOCHS_CHANNEL } from '../redis/keys.ts';
import { createLookout } from '../redis/lookout.ts';
import { parseEpochs } from './epoch.ts';
import { createEpochReader } from './epoch-reader.ts';
import type { EpochStore } from './epoch-store.ts';
import type { KnownEpochs } from './known-epochs.ts';

/** What an epoch board looks at and listens to, and what it keeps up to date. */
export interface EpochBoardParts {
  /** A connection for requests to the cache role. */
  readonly cache: Redis;
  /** A connection for channels of the queue role; others may listen on it too. */
  readonly subscriber: Redis;
  readonly known: KnownEpochs;
  readonly store: Pick<EpochStore, 'restore'>;
  /** How often it looks without a hint. */
  readonly everyMs?: number;
  readonly onError: (error: unknown) => void;
}

/** Makes a process know of every epoch that moves, whether or not it reads entries. */
export interface EpochBoard {
  /** Looks now, whenever a store comes back, and every second, and takes over what is announced. */
  start(): void;
  stop(): void;
  /** Looks once, and gives back to the store what it has lost. Never rejects. */
  tick(): Promise<void>;
}

const LOOK_EVERY_MS = 1_000;

/** A board that has not looked yet. */
export function createEpochBoard(parts: EpochBoardParts): EpochBoard {
  const { cache, subscriber, known, store, everyMs = LOOK_EVERY_MS, onError } = parts;
  const reader = createEpochReader(cache, known);
  let looking: Promise<void> | undefined;

  async function lookOnce(): Promise<void> {
    try {
      // Evicted, or gone with a server: what a living process knows was not taken back.
      if (!(await reader.look())) await store.restore(known.all);
    } catch (error) {
      onError(error);
    }
  }
  const tick = () => {
    looking ??= lookOnce().finally(() => (looking = undefined));
    return looking;
  };
  const lookout = createLookout({
    redis: cache,
    subscriber,
    channel: EPOCHS_CHANNEL,
    everyMs,
    look: () => void tick(),
    onMessage: (text) => known.merge(parseEpochs(text)),
    onError,
  });
  return {
    tick,
    ...lookout,
  };
}
