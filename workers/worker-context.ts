import type { Redis } from 'ioredis';
import { Registry } from 'prom-client';
import { type Breaker, createBreaker } from '../shared/breaker.ts';
import type { Catalog } from '../shared/catalog/catalog.ts';
import { loadCatalog } from '../shared/catalog/load-catalog.ts';
import { type Clock, monotonicClock } from '../shared/clock.ts';
import type { Config } from '../shared/config.ts';
import { createEntryStore, type EntryStore } from '../shared/entry/entry-store.ts';
import { createLandings, type Landings } from '../shared/flight/landings.ts';
import { createLeases, type Leases } from '../shared/flight/lease.ts';
import { createLogger, type Logger } from '../shared/log.ts';
import { connectRedis } from '../shared/redis/connect.ts';
import { type QueryThreads, startQueryThreads } from './query-threads.ts';
import { createWorkerEvents, type WorkerEvents } from './worker-events.ts';

/** Long enough for a large entry, short enough that a frozen cache does not hold a flight for long. */
const ENTRY_WRITE_MS = 3_000;
const WAREHOUSE_BREAKER = {
  windowMs: 60_000,
  leastCalls: 20,
  errorPercent: 50,
  resetAfterMs: 5_000,
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
  readonly warehouseBreaker: Breaker;
  readonly redis: { readonly queue: Redis; readonly cache: Redis };
  /** Aborts when the process has to end and flights must be cancelled. */
  readonly closing: AbortSignal;
  close(): Promise<void>;
  /** Aborts {@link closing}. */
  cancelFlights(): void;
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
    (error) => events.threadError(error),
  );
  const onError = (role: string) => (error: Error) => events.redisError(role, error);
  const cache = connectRedis(config.redis.cacheUrl, 'request', {
    commandTimeoutMs: ENTRY_WRITE_MS,
    onError: onError('cache'),
  });
  const queue = connectRedis(config.redis.queueUrl, 'request', { onError: onError('queue') });
  const warehouseBreaker = createBreaker('warehouse', WAREHOUSE_BREAKER, (state) =>
    events.breakerChanged('warehouse', state),
  );
  const closing = new AbortController();
  return {
    config,
    catalog,
    clock: monotonicClock,
    log,
    events,
    metrics,
    entries: createEntryStore(cache),
    leases: createLeases(queue),
    landings: createLandings(queue),
    threads,
    warehouseBreaker,
    redis: { queue, cache },
    closing: closing.signal,
    cancelFlights: () => closing.abort('closing'),
    async close() {
      warehouseBreaker.close();
      await threads.close();
      cache.disconnect();
      queue.disconnect();
    },
  };
}
