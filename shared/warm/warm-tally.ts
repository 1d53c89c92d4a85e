import type { Redis } from 'ioredis';
import { bounded } from '../bounded.ts';
import type { Clock } from '../clock.ts';
import { QUEUE_COMMAND_MS } from '../redis/connect.ts';
import { warmedKey, warmHitsKey } from '../redis/keys.ts';

/** How many keys of a query were warmed today and yesterday, and how many of them somebody was given; off by one percent or so. */
export interface WarmUse {
  readonly warmed: number;
  readonly hit: number;
}

/** Counts warmed keys and those that were of use, each key once in a day however often it is noted. */
export interface WarmTally {
  noteWarmed(query: string, fingerprints: readonly string[]): Promise<void>;
  noteHits(query: string, fingerprints: readonly string[]): Promise<void>;
  read(query: string): Promise<WarmUse>;
}

const DAY_MS = 86_400_000;
/** So many keys are noted in one step, so that Redis is not held up. */
const NOTED_AT_ONCE = 1_000;

/** The tally behind one connection to the queue role; every call rejects within half a second when that is away. */
export function createWarmTally(redis: Redis, clock: Clock): WarmTally {
  const today = () => Math.floor(clock.now() / DAY_MS);
  const note = async (key: string, fingerprints: readonly string[]) => {
    for (let from = 0; from < fingerprints.length; from += NOTED_AT_ONCE) {
      const noting = redis
        .multi()
        .pfadd(key, ...fingerprints.slice(from, from + NOTED_AT_ONCE))
        .pexpire(key, 2 * DAY_MS)
        .exec();
      await bounded(noting, QUEUE_COMMAND_MS, 'a note on warmed keys');
    }
  };
  const count = (key: (day: number) => string) => redis.pfcount(key(today()), key(today() - 1));
  return {
    noteWarmed: (query, fingerprints) => note(warmedKey(query, today()), fingerprints),
    noteHits: (query, fingerprints) => note(warmHitsKey(query, today()), fingerprints),
    async read(query) {
      const counting = Promise.all([
        count((day) => warmedKey(query, day)),
        count((day) => warmHitsKey(query, day)),
      ]);
      const [warmed, hit] = await bounded(counting, QUEUE_COMMAND_MS, 'the use of warmed keys');
      return { warmed, hit };
    },
  };
}
