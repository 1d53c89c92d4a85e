import type { Redis } from 'ioredis';
import { Registry } from 'prom-client';
import { bounded } from '../shared/bounded.ts';
import type { Breaker } from '../shared/breaker/breaker.ts';
import { createRedisBoard } from '../shared/breaker/redis-board.ts';
import type { Catalog } from '../shared/catalog/catalog.ts';
import { loadCatalog } from '../shared/catalog/load-catalog.ts';
import type { Clock } from '../shared/clock.ts';
import type { Config } from '../shared/config.ts';
import type { Entry } from '../shared/entry/entry.ts';
import { createEntryStore } from '../shared/entry/entry-store.ts';
import { createEpochBoard } from '../shared/epochs/epoch-board.ts';
import { createEpochStore } from '../shared/epochs/epoch-store.ts';
import { keptForMs } from '../shared/epochs/kept-for.ts';
import { createKnownEpochs, type KnownEpochs } from '../shared/epochs/known-epochs.ts';
import { createFleetClock } from '../shared/fleet-clock/fleet-clock.ts';
import { redisClocks } from '../shared/fleet-clock/redis-clocks.ts';
import { createLogger, type Logger } from '../shared/log.ts';
import { showProcess } from '../shared/metrics/process-metrics.ts';
import { CACHE_COMMAND_MS } from '../shared/redis/connect.ts';
import type { Mode } from '../shared/switches/mode.ts';
import { createSwitchBoard } from '../shared/switches/switch-board.ts';
import { createVersionBoard } from '../shared/versions/version-board.ts';
import { createPreviousVersion, type PreviousVersion } from './answer/previous-version.ts';
import { createDemand } from '../shared/warm/demand.ts';
import { createWarmTally } from '../shared/warm/warm-tally.ts';
import { createBreakers } from './breakers.ts';
import { connectStores } from './connect-stores.ts';
import { createEntryMemory } from './entries/entry-memory.ts';
import { createEntryReader, type EntryReader } from './entries/entry-reader.ts';
import { createRunway, type Runway } from './entries/runway.ts';
import type { Flights } from './flights/flights.ts';
import { createGatewayEvents, type GatewayEvents } from './gateway-events.ts';
import { openFlights } from './open-flights.ts';
import { createEar } from './ready/ear.ts';
import { createMemoryTier, type MemoryTier } from './ready/memory-tier.ts';
import { noteGiven } from './ready/note-given.ts';
import { createReadyMemory, type ReadyMemory } from './ready/ready-memory.ts';
import { showFleet } from './show-fleet.ts';
import { createDemandNotes, type DemandNotes } from './warm/demand-notes.ts';
import { createHitNotes, type HitNotes } from './warm/hit-notes.ts';

const NOTHING_LEARNS: Catalog = { queries: new Map(), endpoints: new Map() };

/** Everything that a gateway process shares between its requests. */
export interface GatewayContext {
  readonly config: Config;
  readonly catalog: Catalog;
  readonly clock: Clock;
  readonly log: Logger;
  readonly events: GatewayEvents;
  readonly metrics: Registry;
  readonly flights: Flights;
  readonly entries: EntryReader;
  /** What a changed query's previous version has left behind. */
  readonly previous: PreviousVersion;
  readonly epochs: Pick<KnownEpochs, 'invalidatedAt'>;
  readonly runway: Runway;
  /** Which warmed entries were of use. */
  readonly warmHits: HitNotes;
  /** What is asked for of the queries that learn from it what to warm. */
  readonly demand: DemandNotes;
  /** Answers as they left, for those who ask for the same. */
  readonly ready: ReadyMemory;
  readonly tier: MemoryTier;
  readonly redis: { readonly queue: Redis; readonly cache: Redis };
  /** The breaker of a query. */
  breakerFor(query: string): Breaker;
  /** How a query runs just now, if somebody has switched it. */
  modeOf(query: string): Mode;
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
  const hideProcess = showProcess(metrics);
  const catalog = await loadCatalog(config.catalogFolder, config.warehouse.queryTimeoutMs);
  const redis = connectStores(config, events);
  const clock = createFleetClock({
    readers: redisClocks({ urls: config.redis, queue: redis.queue, cache: redis.cache }),
    onRead: (name, aheadMs) => events.clockRead(name, aheadMs),
  });
  await clock.start();
  const onQueueError = (error: unknown) => events.redisError('queue', error);
  const { queue, subscriber } = redis;
  const board = createRedisBoard({ redis: queue, subscriber, onError: onQueueError });
  const breakers = createBreakers(catalog, board, events);
  const keepMs = keptForMs([...catalog.queries.values()].map(({ policy }) => policy));
  const epochs = createKnownEpochs({ clock, keepMs });
  const store = createEntryStore(redis.cache, clock, epochs);
  const memory = createEntryMemory(config.gateway.entryMemoryBytes, clock, epochs);
  const ready = createReadyMemory(config.gateway.answerMemoryBytes, epochs);
  const epochBoard = createEpochBoard({
    cache: redis.cache,
    subscriber,
    known: epochs,
    store: createEpochStore(redis),
    onError: (error) => events.redisError('cache', error),
  });
  const switches = createSwitchBoard({
    redis: queue,
    subscriber,
    onChange: (query, mode) => events.switchChanged(query, mode),
    onError: onQueueError,
  });
  const versions = createVersionBoard({
    redis: queue,
    subscriber,
    queries: [...catalog.queries.values()],
    onError: onQueueError,
  });
  const { flights, admission, usualTimes, close } = openFlights({
    catalog,
    clock,
    redis,
    events,
    breakers,
    store,
    epochs,
    keep: (entry) => memory.keep(entry),
    onStored: (fingerprint, asOf) => ready.forgetOlder(fingerprint, asOf),
  });
  showFleet(metrics, admission);
  switches.start();
  versions.start();
  epochBoard.start();
  admission.start();
  const runway = createRunway(metrics, clock);
  const warmHits = createHitNotes({
    register: metrics,
    tally: createWarmTally(queue, clock),
    onLeftOut: (hits) => events.hitsLeftOut(hits),
    onError: onQueueError,
  });
  warmHits.start();
  const demand = createDemandNotes({
    catalog: config.warm.isOn ? catalog : NOTHING_LEARNS,
    demand: createDemand(queue),
    clock,
    usualRunMs: (query) => usualTimes.meanMs(query),
    onError: onQueueError,
  });
  demand.start();
  const ear = createEar({ subscriber, onDeaf: () => ready.forgetAll() });
  ear.start();
  const tier = createMemoryTier({
    memory: ready,
    ear,
    clock,
    onNotEncoded: (encoding, error) => events.notEncoded(encoding, error),
    onGiven: noteGiven({ events, runway, flights, demand }),
  });
  const fromCache = createCacheReader(breakers.cache, events);
  return {
    config,
    catalog,
    clock,
    log,
    events,
    metrics,
    flights,
    redis,
    entries: createEntryReader({
      entries: store,
      breaker: breakers.cache,
      memory,
      events,
      boundMs: CACHE_COMMAND_MS,
    }),
    previous: createPreviousVersion({
      versions,
      onUnfit: (query) => events.previousUnfit(query),
    }),
    epochs,
    runway,
    warmHits,
    demand,
    ready,
    tier,
    breakerFor: (query) => breakers.ofQuery(query),
    modeOf: (query) => switches.modeOf(query),
    async readSnapshot(fingerprint, asOf) {
      const found = await fromCache(() => store.readSnapshot(fingerprint, asOf));
      return found?.kind === 'entry' ? found.entry : undefined;
    },
    async keepSnapshot(fingerprint, asOf) {
      await fromCache(() => store.keepSnapshot(fingerprint, asOf));
    },
    async close() {
      hideProcess();
      clock.stop();
      ear.stop();
      admission.stop();
      switches.stop();
      versions.stop();
      epochBoard.stop();
      breakers.close();
      await Promise.all([warmHits.stop(), demand.stop()]);
      await close();
      for (const connection of Object.values(redis)) connection.disconnect();
    },
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
