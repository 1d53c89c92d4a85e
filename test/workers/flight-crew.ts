import { Registry } from 'prom-client';
import { z } from 'zod';
import { createBreaker } from '../../shared/breaker/breaker.ts';
import type { Query } from '../../shared/catalog/catalog.ts';
import { policySchema } from '../../shared/catalog/policy.ts';
import { monotonicClock } from '../../shared/clock.ts';
import { readConfig } from '../../shared/config.ts';
import { createEntryStore } from '../../shared/entry/entry-store.ts';
import { createLandings } from '../../shared/flight/landings.ts';
import { createLeases } from '../../shared/flight/lease.ts';
import { createLogger } from '../../shared/log.ts';
import type { FlightJob } from '../../shared/queue/flight-job.ts';
import { createBatches } from '../../workers/batch/batches.ts';
import { createBulkheads } from '../../workers/limit/bulkheads.ts';
import { createRetryBudget } from '../../workers/retry-budget.ts';
import type { QueryThreads } from '../../workers/query-threads.ts';
import type { WorkerContext } from '../../workers/worker-context.ts';
import { createWorkerEvents } from '../../workers/worker-events.ts';
import { until } from '../until.ts';
import type { TestRedis } from '../shared/with-redis.ts';

/** A worker process without queues: everything is real but its threads. */
export interface Crew {
  readonly context: WorkerContext;
  /** Its connection to the queue role is gone, until it is mended. */
  cut(): void;
  mend(): Promise<void>;
  end(): void;
}

/** A crew whose queries run as `threads` says; `onStored` hears of each entry that it has stored. */
export async function musterCrew(
  redis: TestRedis,
  threads: QueryThreads,
  onStored: (fingerprint: string, asOf: number) => void = () => undefined,
): Promise<Crew> {
  const [queue, cache] = await Promise.all([redis.connect(), redis.connect()]);
  const closing = new AbortController();
  const log = createLogger('worker', 'silent');
  const metrics = new Registry();
  const config = readConfig({});
  const entries = createEntryStore(cache);
  const names = ['plain', 'harvests', 'batched'].map((name) => [name, crewQuery(name)] as const);
  const flying = {
    clock: monotonicClock,
    events: createWorkerEvents(log, metrics),
    leases: createLeases(queue),
    threads,
    retries: createRetryBudget({ share: 0, most: 0 }),
    warehouseBreaker: createBreaker('warehouse', NEVER_OPENS, QUIET),
    bulkheads: createBulkheads({ concurrency: { live: 200, analyst: 1, warm: 1 } }),
    closing: closing.signal,
  };
  const context: WorkerContext = {
    ...flying,
    config,
    catalog: { queries: new Map(names), endpoints: new Map() },
    log,
    metrics,
    batches: createBatches(flying),
    entries: {
      ...entries,
      async write(entry, lifetimeMs) {
        const isStored = await entries.write(entry, lifetimeMs);
        if (isStored) onStored(entry.fingerprint, entry.asOf);
        return isStored;
      },
    },
    landings: createLandings(queue),
    cacheBreaker: createBreaker('redis:cache', NEVER_OPENS, QUIET),
    redis: { queue, cache },
    newsOfBreaker: async () => undefined,
    modeOf: () => 'normal',
    close: async () => undefined,
    endFlights: (how) => closing.abort(how),
  };
  return {
    context,
    cut: () => queue.disconnect(),
    async mend() {
      if (queue.status === 'end') await queue.connect().catch(() => undefined);
      await until(() => queue.status === 'ready');
    },
    end() {
      context.warehouseBreaker.close();
      context.cacheBreaker.close();
    },
  };
}

const QUIET = { onChange: () => undefined };
const NEVER_OPENS = {
  windowMs: 60_000,
  leastCalls: 1_000_000,
  errorPercent: 100,
  resetAfterMs: 1_000,
  probeMs: 1_000,
};

/** A job for a crew; `newerThan` is the instant of the entry that will not do. */
export function crewJob(
  fingerprint: string,
  newerThan = 0,
  query: 'plain' | 'harvests' | 'batched' = 'plain',
): FlightJob {
  return {
    fingerprint,
    query,
    version: 'v',
    scope: 'public',
    parameters: {},
    class: 'live',
    deadline: monotonicClock.now() + 60_000,
    newerThan,
    requestId: 'r',
  };
}

/** A query of a crew, by its name. */
export function crewQuery(name: string): Query {
  return {
    name,
    version: 'v',
    rowShape: 'r',
    parametersShape: 'p',
    summary: 'A query of a test.',
    sql: 'select 1',
    parameters: z.object({}),
    parameterTypes: {},
    row: z.object({}),
    policy: policySchema.parse(name === 'harvests' ? { harvestFor: '30s' } : {}),
    fallbacks: [],
    transform: undefined,
    ...(name === 'batched' ? BY_KEY : { batch: undefined }),
  };
}

const BY_KEY = {
  parameters: z.object({ key: z.int(), limit: z.int() }),
  parameterTypes: { key: ['INT64'], limit: 'INT64' },
  batch: { by: 'key', most: 64 },
} as const;
