import pTimeout from 'p-timeout';
import { type Clock, monotonicClock } from '../clock.ts';
import { agreedOffset } from './agreed-offset.ts';
import { firstServerOffset, serverOffset, type TimeReader } from './server-offset.ts';
import { createSlewedOffset } from './slewed-offset.ts';

/** The time that the processes of a fleet share, whatever one of their clocks says: whole milliseconds since the epoch. */
export interface FleetClock extends Clock {
  /** Reads the other clocks and begins to tick; resolves within half a second, whether or not they can be reached. */
  start(): Promise<void>;
  /** Reads the other clocks once. Never rejects. */
  tick(): Promise<void>;
  stop(): void;
}

/** What a fleet clock is made of, and who hears how its clocks stand. */
export interface FleetClockParts {
  /** By name, the servers whose clocks are read. */
  readonly readers: Readonly<Record<string, TimeReader>>;
  /** The process's own: it only moves forward, and may be wrong by any amount. */
  readonly own?: Clock;
  /** At every tick and for each clock that could be read, `own` among them: how far it is ahead of the shared time. */
  readonly onRead?: (clock: string, aheadMs: number) => void;
}

const TICK_MS = 10_000;
/** Until a majority has been heard once, the process may live by a wrong time. */
const FIRST_TICK_MS = 1_000;
const START_MS = 450;

/**
 * A clock that shows the median of its own and its readers', so that any one of three may be wrong or jump at any moment.
 * Where no majority can be found the last one's word is kept. The first majority may set the time back, since it may
 * correct a wrong clock that nobody could gainsay before; after it, time never goes back.
 */
export function createFleetClock(parts: FleetClockParts): FleetClock {
  const { own = monotonicClock, onRead = () => {} } = parts;
  const readers = Object.entries(parts.readers);
  const offset = createSlewedOffset(own);
  let hasAgreed = false;
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;

  const readAll = async (read: (one: TimeReader) => Promise<number | undefined>) => {
    const offsets = await Promise.all(readers.map(([, one]) => read(one)));
    settle(offsets);
  };
  const settle = (offsets: readonly (number | undefined)[]) => {
    const heard = offsets.filter((one) => one !== undefined);
    const agreed = agreedOffset([0, ...heard], offset.targetMs);
    if (agreed !== undefined) offset.moveTo(agreed, !hasAgreed);
    hasAgreed ||= agreed !== undefined;
    onRead('own', -offset.targetMs);
    for (const [index, [name]] of readers.entries()) {
      const one = offsets[index];
      if (one !== undefined) onRead(name, one - offset.targetMs);
    }
  };
  const tick = () => readAll((one) => serverOffset(one, own));
  const tickLater = () => {
    if (isStopped) return;
    const again = () => void tick().then(tickLater);
    timer = setTimeout(again, hasAgreed ? TICK_MS : FIRST_TICK_MS).unref();
  };

  return {
    now() {
      const ownMs = own.now();
      return Math.floor(ownMs + offset.at(ownMs));
    },
    async start() {
      await readAll((one) =>
        pTimeout(firstServerOffset(one, own, START_MS), {
          milliseconds: START_MS,
          fallback: () => undefined,
        }),
      );
      tickLater();
    },
    tick,
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
