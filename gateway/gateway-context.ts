import type { Redis } from 'ioredis';
import { Registry } from 'prom-client';
import type { Breaker } from '../shared/breaker/breaker.ts';
import { createRedisBoard } from '../shared/breaker/redis-board.ts';
import type { Catalog } from '../shared/catalog/catalog.ts';
import { loadCatalog } from '../shared/catalog/load-catalog.ts';
import type { Clock } from '../shared/clock.ts';
import type { Config } from '../shared/config.ts';
import { createEntryStore } from '../shared/entry/entry-store.ts';
import type { KnownEpochs } from '../shared/epochs/known-epochs.ts';
import { createFleetClock } from '../shared/fleet-clock/fleet-clock.ts';
import { redisClocks } from '../shared/fleet-clock/redis-clocks.ts';
import { createLogger, type Logger } from '../shared/log.ts';
import { showProcess } from '../shared/metrics/process-metrics.ts';
import { CACHE_COMMAND_MS } from '../shared/redis/connect.ts';
import type { Mode } from '../shared/switches/mode.ts';
import { createPreviousVersion, type PreviousVersion } from './answer/previous-version.ts';
import { createBreakers } from './breakers.ts';
import { connectStores } from './connect-stores.ts';
import { createEntryMemory } from './entries/entry-memory.ts';
import { createEntryReader, type EntryReader } from './entries/entry-reader.ts';
import { createRunway, type Runway } from './entries/runway.ts';
import { createSnapshots, type Snapshots } from './entries/snapshots.ts';
import type { Flights } from './flights/flights.ts';
import { createGatewayEvents, type GatewayEvents } from './gateway-events.ts';
import { openBoards } from './open-boards.ts';
import { openFlights } from './open-flights.ts';
import { createEar } from './ready/ear.ts';
import { createMemoryTier, type MemoryTier } from './ready/memory-tier.ts';
import { noteGiven } from './ready/note-given.ts';
import { createReadyMemory, type ReadyMemory } from './ready/ready-memory.ts';
import { showFleet } from './show-fleet.ts';
import type { DemandNotes } from './warm/demand-notes.ts';
import type { HitNotes } from './warm/hit-notes.ts';
import { openWarmNotes } from './warm/open-warm-notes.ts';

/** Everything that a gateway process shares between its requests. */
export interface GatewayContext extends Snapshots {
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
  const { queue, cache, subscriber } = redis;
  const clock = createFleetClock({
    readers: redisClocks({ urls: config.redis, queue, cache }),
    onRead: (name, aheadMs) => events.clockRead(name, aheadMs),
  });
  await clock.start();
  const onBoardError = (error: unknown) => events.redisError('queue', error);
  const breakerBoard = createRedisBoard({ redis: queue, subscriber, onError: onBoardError });
  const breakers = createBreakers(catalog, breakerBoard, events);
  const boards = openBoards({ catalog, clock, redis, events });
  const { epochs } = boards;
  const store = createEntryStore(cache, clock, epochs);
  const memory = createEntryMemory(config.gateway.entryMemoryBytes, clock, epochs);
  const ready = createReadyMemory(config.gateway.answerMemoryBytes, epochs);
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
  boards.start();
  admission.start();
  const runway = createRunway(metrics, clock);
  const warmNotes = openWarmNotes({
    catalog,
    isOn: config.warm.isOn,
    queue,
    clock,
    metrics,
    events,
    usualRunMs: (query) => usualTimes.meanMs(query),
  });
  const { hits: warmHits, demand } = warmNotes;
  const ear = createEar({ subscriber, onDeaf: () => ready.forgetAll() });
  ear.start();
  const tier = createMemoryTier({
    memory: ready,
    ear,
    clock,
    onNotEncoded: (encoding, error) => events.notEncoded(encoding, error),
    onGiven: noteGiven({ events, runway, flights, demand }),
  });
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
    ...createSnapshots(store, breakers.cache, events),
    previous: createPreviousVersion({
      versions: boards.versions,
      onUnfit: (query) => events.previousUnfit(query),
    }),
    epochs,
    runway,
    warmHits,
    demand,
    ready,
    tier,
    breakerFor: (query) => breakers.ofQuery(query),
    modeOf: (query) => boards.modeOf(query),
    async close() {
      hideProcess();
      clock.stop();
      ear.stop();
      admission.stop();
      boards.stop();
      breakers.close();
      await warmNotes.stop();
      await close();
      for (const connection of Object.values(redis)) connection.disconnect();
    },
  };
}
