import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';
import { WATCH_TURN_KEY } from '../../shared/redis/keys.ts';

/** Longer than any look at the tables: a turn whose holder has died is free again after this. */
const LONGEST_TURN_MS = 40_000;
/** Somewhat less than a whole period, so that a worker who looks once in a period does not come a moment too early for ever. */
const SHARE_OF_PERIOD = 0.9;

const END = readFileSync(new URL('./end-turn.lua', import.meta.url), 'utf8');

/** The right to look at the tables: one worker of the fleet has it at a time, and about one in each period. */
export interface WatchTurn {
  /** Takes the turn if nobody has it or has had it in this period. */
  take(): Promise<boolean>;
  /** Ends a turn that was taken; the next is free when its period is over. */
  end(): Promise<void>;
  /** Ends it for the next worker to take at once. */
  giveUp(): Promise<void>;
}

/** The turn as one worker sees it, behind a connection to the queue role. */
export function createWatchTurn(queue: Redis, periodMs: number): WatchTurn {
  const holder = crypto.randomUUID();
  let takenAt = 0;
  const end = async (restMs: number) => {
    await queue.eval(END, 1, WATCH_TURN_KEY, holder, Math.round(restMs));
  };
  return {
    async take() {
      takenAt = performance.now();
      return (await queue.set(WATCH_TURN_KEY, holder, 'PX', LONGEST_TURN_MS, 'NX')) === 'OK';
    },
    end: () => end(periodMs * SHARE_OF_PERIOD - (performance.now() - takenAt)),
    giveUp: () => end(0),
  };
}
