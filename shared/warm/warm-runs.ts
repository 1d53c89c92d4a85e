import type { Redis } from 'ioredis';
import { z } from 'zod';
import { bounded } from '../bounded.ts';
import { QUEUE_COMMAND_MS } from '../redis/connect.ts';
import { warmRunKey } from '../redis/keys.ts';

/**
 * How a warming run stands. `running`; `done` with its list; `out-of-time` and ended with what it had; stopped by the
 * warehouse's `quota`; `failed`, because nothing of it could be flown or a part of its list could not be had.
 */
export const WARM_STATES = ['running', 'done', 'out-of-time', 'quota', 'failed'] as const;

/** One of {@link WARM_STATES}. */
export type WarmState = (typeof WARM_STATES)[number];

/** How many sets a run has come to: `flown` and stored, `skipped` because they are fresh until the next run, `failed`. */
export interface WarmCounts {
  readonly total: number;
  readonly flown: number;
  readonly skipped: number;
  readonly failed: number;
}

/** The last run of a query; instants are milliseconds since the epoch. */
export interface WarmRun extends WarmCounts {
  /** That of its job in the queue. */
  readonly id: string;
  readonly state: WarmState;
  readonly startedAt: number;
  readonly tookMs: number;
  readonly nextRunAt: number;
  /** Runs in a row that ended by quota or failed. */
  readonly mishaps: number;
}

/** Where runs say how they go, for reports and for the next run. */
export interface WarmRuns {
  write(query: string, run: WarmRun): Promise<void>;
  /** Undefined when the query has not been warmed yet. */
  read(query: string): Promise<WarmRun | undefined>;
}

const KEPT_MS = 30 * 86_400_000;

const runSchema = z.object({
  id: z.string(),
  state: z.enum(WARM_STATES),
  startedAt: z.coerce.number(),
  tookMs: z.coerce.number(),
  nextRunAt: z.coerce.number(),
  mishaps: z.coerce.number(),
  total: z.coerce.number(),
  flown: z.coerce.number(),
  skipped: z.coerce.number(),
  failed: z.coerce.number(),
});

/** The runs behind one connection to the queue role; it must be one for requests, which fails fast. */
export function createWarmRuns(redis: Redis): WarmRuns {
  return {
    async write(query, run) {
      const key = warmRunKey(query);
      const writing = redis
        .multi()
        .hset(key, { ...run })
        .pexpire(key, KEPT_MS)
        .exec();
      await bounded(writing, QUEUE_COMMAND_MS, 'the state of a warming run');
    },
    async read(query) {
      const reading = redis.hgetall(warmRunKey(query));
      return runSchema.safeParse(await bounded(reading, QUEUE_COMMAND_MS, 'a warming run')).data;
    },
  };
}
