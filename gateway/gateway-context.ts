import type { Redis } from 'ioredis';
import { Registry } from 'prom-client';
import { bounded } from '../shared/bounded.ts';
import { type Breaker, type BreakerLimits, createBreaker } from '../shared/breaker.ts';
import type { Catalog } from '../shared/catalog/catalog.ts';
import { loadCatalog } from '../shared/catalog/load-catalog.ts';
import { type Clock, monotonicClock } from '../shared/clock.ts';
import type { Config } from '../shared/config.ts';
import type { Entry } from '../shared/entry/entry.ts';
import { createEntryStore, type Found } from '../shared/entry/entry-store.ts';
import { createLandings, hearLandings } from '../shared/flight/landings.ts';
import { createLogger, type Logger } from '../shared/log.ts';
import type { FlightJob } from '../shared/queue/flight-job.ts';
import { createFlightQueues, type FlightQueues } from '../shared/queue/flight-queues.ts';
import { CACHE_COMMAND_MS, connectRedis } from '../shared/redis/connect.ts';
import { createFlights, type Flights } from './flights/flights.ts';
import { createGatewayEvents, type GatewayEvents } from './gateway-events.ts';

const QUERY_BREAKER: BreakerLimits = {
  windowMs: 60_000,
  leastCalls: 5,
  errorPercent: 50,
  resetAfterMs: 5_000,
};
const STORE_BREAKER: BreakerLimits = {
  windowMs: 5_000,
  leastCalls: 5,
  errorPercent: 50,
  resetAfterMs: 1_000,
};

/** Everything that a gateway process shares between its requests. */
export interface GatewayContext {
  readonly config: Config;
  readonly catalog: Catalog;
  readonly clock: Clock;
  readonly log: Logger;
  readonly events: GatewayEvents;
  readonly metrics: Registry;
  readonly flights: Flights;
  readonly redis: { readonly queue: Redis; readonly cache: Redis };
  /** What the store holds, in order; undefined when it cannot be reached. Never rejects. */
  readEntries(fingerprints: readonly string[]): Promise<readonly Found[] | undefined>;
  /** The snapshot that a cursor names, if it is still there. Never rejects. */
  readSnapshot(fingerprint: string, asOf: number): Promise<Entry | undefined>;
  /** Keeps an entry for the cursors that page through it; best effort. */
  keepSnapshot(fingerprint: string, asOf: number): Promise<void>;
  close(): Promise<void>;
}

/** Builds the context; rejects when the catalog is wrong. Redis may still be away: it is answered without. */
export async function createGatewayContext(config: Config): Promise<GatewayContext> {
  const log = createLogger('gateway', config.logLevel);
  const metrics = new Registry();
  const events = createGatewayEvents(log, metrics);
  const catalog = await loadCatalog(config.catalogFolder, config.warehouse.queryTimeoutMs);
  const redis = connectStores(config, events);
  const breakers = createBreakers(events);
  const entries = createEntryStore(redis.cache);
  const queues = createFlightQueues(redis.queue, (error) => events.redisError('queue', error));
  const landings = createLandings(redis.queue);
  /** Lets a failure through that has been told of: a watch goes on without it. */
  const telling = (role: string) => (error: unknown) => {
    events.redisError(role, error);
    throw error;
  };
  const start = startThrough(breakers.named('redis:queue', STORE_BREAKER), queues);
  const flights = createFlights({
    entries: { readMany: (wanted) => entries.readMany(wanted).catch(telling('cache')) },
    landings: { look: (fingerprint) => landings.look(fingerprint).catch(telling('queue')) },
    clock: monotonicClock,
    start: (job) => start(job).catch(telling('queue')),
    breakerFor: (query) => breakers.named(query, QUERY_BREAKER),
    refreshNotStarted: (job, error) => events.refreshNotStarted(job, error),
  });
  // Subscribed again by itself after every reconnect; until then hints are missed, and the polls find what landed.
  void hearLandings(redis.subscriber, (landing) => flights.hear(landing)).catch((error: unknown) =>
    events.redisError('subscriber', error),
  );
  const fromCache = createCacheReader(breakers.named('redis:cache', STORE_BREAKER), events);
  return {
    config,
    catalog,
    clock: monotonicClock,
    log,
    events,
    metrics,
    flights,
    redis,
    readEntries: (fingerprints) => fromCache(() => entries.readMany(fingerprints)),
    async readSnapshot(fingerprint, asOf) {
      const found = await fromCache(() => entries.readSnapshot(fingerprint, asOf));
      return found?.kind === 'entry' ? found.entry : undefined;
    },
    async keepSnapshot(fingerprint, asOf) {
      await fromCache(() => entries.keepSnapshot(fingerprint, asOf));
    },
    async close() {
      breakers.close();
      await queues.close().catch(() => {});
      for (const connection of Object.values(redis)) connection.disconnect();
    },
  };
}

/** Puts flights before the workers, through the breaker of the queue role. */
function startThrough(breaker: Breaker, queues: FlightQueues) {
  return async (job: FlightJob) => {
    const guarded = await breaker.guard(() => queues.add(job));
    if (guarded.open) throw new Error('the queue has just failed several times');
  };
}

/** Makes calls of the cache role: undefined when it is away, too slow, or has just been so several times. */
function createCacheReader(breaker: Breaker, events: GatewayEvents) {
  return async <T>(call: () => Promise<T>): Promise<T | undefined> => {
    try {
      const guarded = await breaker.guard(() => bounded(call(), CACHE_COMMAND_MS, 'cache'));
      return guarded.open ? undefined : guarded.value;
    } catch (error) {
      events.redisError('cache', error);
      return undefined;
    }
  };
}

function connectStores(config: Config, events: GatewayEvents) {
  const onError = (role: string) => (error: Error) => events.redisError(role, error);
  const { cacheUrl, queueUrl } = config.redis;
  return {
    cache: connectRedis(cacheUrl, 'request', { onError: onError('cache') }),
    queue: connectRedis(queueUrl, 'request', { onError: onError('queue') }),
    subscriber: connectRedis(queueUrl, 'subscriber', { onError: onError('subscriber') }),
  };
}

/** Breakers by name, made when first asked for: one for each query and, under names that no query can have, each store. */
function createBreakers(events: GatewayEvents) {
  const breakers = new Map<string, Breaker>();
  return {
    named(name: string, limits: BreakerLimits): Breaker {
      const standing = breakers.get(name);
      if (standing) return standing;
      const breaker = createBreaker(name, limits, (state) => events.breakerChanged(name, state));
      breakers.set(name, breaker);
      return breaker;
    },
    close() {
      for (const breaker of breakers.values()) breaker.close();
    },
  };
}
