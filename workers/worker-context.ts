import type { Redis } from 'ioredis';
import { Registry } from 'prom-client';
import type { BreakerNews } from '../shared/breaker/breaker-board.ts';
import { type Breaker, createBreaker } from '../shared/breaker/breaker.ts';
import { createRedisBoard } from '../shared/breaker/redis-board.ts';
import type { Catalog } from '../shared/catalog/catalog.ts';
import { loadCatalog } from '../shared/catalog/load-catalog.ts';
import type { Clock } from '../shared/clock.ts';
import type { Config } from '../shared/config.ts';
import { createEntryStore, type EntryStore } from '../shared/entry/entry-store.ts';
import { keptForMs } from '../shared/epochs/kept-for.ts';
import { createKnownEpochs } from '../shared/epochs/known-epochs.ts';
import { createLandings, type Landings } from '../shared/flight/landings.ts';
import { createLeases, type Leases } from '../shared/flight/lease.ts';
import { createFleetClock } from '../shared/fleet-clock/fleet-clock.ts';
import { redisClocks } from '../shared/fleet-clock/redis-clocks.ts';
import { createLogger, type Logger } from '../shared/log.ts';
import { connectRedis } from '../shared/redis/connect.ts';
import type { Mode } from '../shared/switches/mode.ts';
import { showProcess } from '../shared/metrics/process-metrics.ts';
import { createSwitchBoard } from '../shared/switches/switch-board.ts';
import { type Batches, createBatches } from './batch/batches.ts';
import { createVersionBoard } from '../shared/versions/version-board.ts';
import { type Bulkheads, createBulkheads } from './limit/bulkheads.ts';
import { type QueryThreads, startQueryThreads } from './query-threads.ts';
import { createRetryBudget, type RetryBudget } from './retry-budget.ts';
import { showLoad } from './show-load.ts';
import { createWorkerEvents, type WorkerEvents } from './worker-events.ts';

/** Long enough for a large entry, short enough that a frozen cache does not hold a flight for long. */
const ENTRY_WRITE_MS = 3_000;
const WAREHOUSE_BREAKER = {
  windowMs: 60_000,
  leastCalls: 20,
  errorPercent: 50,
  failuresInRow: 30,
  resetAfterMs: 2_000,
  probeMs: 2_500,
};
const CACHE_BREAKER = {
  windowMs: 5_000,
  leastCalls: 3,
  errorPercent: 50,
  resetAfterMs: 1_000,
  probeMs: 1_500,
};

/** Everything that a worker process shares between its flights. */
export interface WorkerContext {
  readonly config: Config;
  readonly catalog: Catalog;
  readonly clock: Clock;
  readonly log: Logger;
  readonly events: WorkerEvents;
  readonly metrics: Registry;
  readonly entries: EntryStore;
  readonly leases: Leases;
  readonly landings: Landings;
  readonly threads: QueryThreads;
  readonly batches: Batches;
  readonly warehouseBreaker: Breaker;
  /** Around reads of the cache role: while it is open nothing is run, because nothing could be stored. */
  readonly cacheBreaker: Breaker;
  /** Who may run a warehouse job now. */
  readonly bulkheads: Bulkheads;
  /** How many flights may be run once more after a failure of the warehouse. */
  readonly retries: RetryBudget;
  readonly redis: { readonly queue: Redis; readonly cache: Redis };
  /**
   * Aborts when the process has to end and its flights with it; with the reason `abandon` those that somebody wants are
   * left to another worker, at their warehouse jobs, with `cancel` none is.
   */
  readonly closing: AbortSignal;
  /** The last news of a breaker that any process of the fleet has told. */
  newsOfBreaker(name: string): Promise<BreakerNews | undefined>;
  /** How a query runs just now, if somebody has switched it. */
  modeOf(query: string): Mode;
  close(): Promise<void>;
  /** Aborts {@link closing} with this reason. */
  endFlights(how: 'abandon' | 'cancel'): void;
}

/** Builds the context; rejects when the catalog is wrong or the threads do not start. Redis may still be away. */
export async function createWorkerContext(config: Config): Promise<WorkerContext> {
  const log = createLogger('worker', config.logLevel);
  const metrics = new Registry();
  const events = createWorkerEvents(log, metrics);
  const catalog = await loadCatalog(config.catalogFolder, config.warehouse.queryTimeoutMs);
  const threads = await startQueryThreads(
    config.worker.threads,
    { warehouse: config.warehouse, catalogFolder: config.catalogFolder },
    { onError: (error) => events.threadError(error), onEnd: (why) => events.threadEnded(why) },
  );
  const redis = connectStores(config, events);
  const { queue, cache, subscriber } = redis;
  const clock = createFleetClock({
    readers: redisClocks({ urls: config.redis, queue, cache }),
    onRead: (name, aheadMs) => events.clockRead(name, aheadMs),
  });
  await clock.start();
  const onQueueError = (error: unknown) => events.redisError('queue', error);
  const board = createRedisBoard({ redis: queue, subscriber, onError: onQueueError });
  const warehouseBreaker = createBreaker('warehouse', WAREHOUSE_BREAKER, {
    onChange: (state) => events.breakerChanged('warehouse', state),
    board,
    onBoardError: onQueueError,
  });
  const cacheBreaker = createBreaker('redis:cache', CACHE_BREAKER, {
    onChange: (state) => events.breakerChanged('redis:cache', state),
  });
  const switches = createSwitchBoard({ redis: queue, subscriber, onError: onQueueError });
  const versions = createVersionBoard({
    redis: queue,
    subscriber,
    queries: [...catalog.queries.values()],
    onError: onQueueError,
  });
  const keepMs = keptForMs([...catalog.queries.values()].map(({ policy }) => policy));
  const bulkheads = createBulkheads({ concurrency: config.worker.concurrency });
  showLoad(metrics, bulkheads);
  const hideProcess = showProcess(metrics);
  switches.start();
  versions.start();
  const closing = new AbortController();
  const flying = {
    clock,
    events,
    leases: createLeases(queue),
    threads,
    warehouseBreaker,
    bulkheads,
    retries: createRetryBudget({ share: 0.1, most: 2 }),
    closing: closing.signal,
  };
  return {
    ...flying,
    config,
    catalog,
    log,
    metrics,
    entries: createEntryStore(cache, clock, createKnownEpochs({ clock, keepMs })),
    landings: createLandings(queue),
    batches: createBatches(flying),
    cacheBreaker,
    redis,
    newsOfBreaker: (name) => board.look(name),
    modeOf: (query) => switches.modeOf(query),
    endFlights: (how) => closing.abort(how),
    async close() {
      hideProcess();
      clock.stop();
      switches.stop();
      versions.stop();
      warehouseBreaker.close();
      cacheBreaker.close();
      await threads.close();
      for (const connection of Object.values(redis)) connection.disconnect();
    },
  };
}

function connectStores({ redis }: Config, events: WorkerEvents) {
  const onError = (role: string) => (error: Error) => events.redisError(role, error);
  return {
    cache: connectRedis(redis.cacheUrl, 'request', {
      pipelined: true,
      commandTimeoutMs: ENTRY_WRITE_MS,
      onError: onError('cache'),
    }),
    queue: connectRedis(redis.queueUrl, 'request', { onError: onError('queue') }),
    subscriber: connectRedis(redis.queueUrl, 'subscriber', { onError: onError('subscriber') }),
  };
}
