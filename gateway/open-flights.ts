import { bounded } from '../shared/bounded.ts';
import { type Catalog, queryNamed } from '../shared/catalog/catalog.ts';
import type { Clock } from '../shared/clock.ts';
import { decodeEntry } from '../shared/entry/codec.ts';
import type { Entry } from '../shared/entry/entry.ts';
import type { EntryStore } from '../shared/entry/entry-store.ts';
import type { KnownEpochs } from '../shared/epochs/known-epochs.ts';
import type { Landing } from '../shared/flight/landing.ts';
import { createLandings, hearLandings } from '../shared/flight/landings.ts';
import { createUsualTimes } from '../shared/load/usual-times.ts';
import { createWorkerLoads } from '../shared/load/worker-loads.ts';
import { createFlightQueues } from '../shared/queue/flight-queues.ts';
import { createRecentParameters } from '../shared/versions/recent-parameters.ts';
import { type Admission, createAdmission } from './admission/admission.ts';
import { createStrainGauge } from './admission/strain.ts';
import type { Breakers } from './breakers.ts';
import type { StoreConnections } from './connect-stores.ts';
import { createFlights } from './flights/flights.ts';
import { createAskedNotes } from './flights/asked-notes.ts';
import { patienceMs } from './flights/patience.ts';
import type { GatewayEvents } from './gateway-events.ts';

/** Longest wait for a look: with something in hand nobody waits for it longer than for the cache. */
const LOOK_MS = 250;

/** What flights are made of; `keep` is told of every entry that is seen. */
export interface FlightSurroundings {
  readonly catalog: Catalog;
  readonly clock: Clock;
  readonly redis: StoreConnections;
  readonly events: GatewayEvents;
  readonly breakers: Breakers;
  readonly store: EntryStore;
  readonly epochs: KnownEpochs;
  readonly keep: (entry: Entry) => void;
  /** Told of every fingerprint under which a flight has stored an entry, wherever in the fleet. */
  readonly onStored: (fingerprint: string, asOf: number) => void;
}

/** The flights of this process, and what decides whether one is taken on. */
export function openFlights({
  catalog,
  clock,
  redis,
  events,
  breakers,
  store,
  epochs,
  keep,
  onStored,
}: FlightSurroundings) {
  const queues = createFlightQueues(redis.queue, (error) => events.redisError('queue', error));
  const landings = createLandings(redis.queue);
  const loads = createWorkerLoads(redis.queue);
  const usualTimes = createUsualTimes();
  /** Lets a failure through that has been told of: a watch goes on without it. */
  const telling = (role: string) => (error: unknown) => {
    events.redisError(role, error);
    throw error;
  };
  const throughQueue = async <T>(call: () => Promise<T>): Promise<T> => {
    const guarded = await breakers.queue.guard(call).catch(telling('queue'));
    if (guarded.open) throw new Error('the queue has just failed several times');
    return guarded.value;
  };
  const noteAsked = createAskedNotes({
    recent: createRecentParameters(redis.queue),
    onError: (error) => events.redisError('queue', error),
  });
  const gauge = createStrainGauge();
  gauge.start();
  const admission: Admission = createAdmission({
    read: () => loads.read(),
    usualTimes,
    watched: () => flights.watched,
    strain: () => gauge.strain,
    onError: (error) => events.redisError('queue', error),
  });
  const flights = createFlights({
    entries: {
      async readMany(wanted) {
        const found = await store.readMany(wanted).catch(telling('cache'));
        for (const one of found) if (one.kind === 'entry') keep(one.entry);
        return found;
      },
    },
    landings: {
      look: (...about) =>
        throughQueue(() => bounded(landings.look(...about), LOOK_MS, 'a look at a flight')),
    },
    async open(bytes, fingerprint) {
      const decoded = await decodeEntry(bytes, fingerprint);
      if (!decoded.ok) return undefined;
      keep(decoded.entry);
      return epochs.judge(decoded.entry);
    },
    clock,
    async start(job) {
      // Before it is added: what comes in the same moment is to be judged behind it.
      // A batch takes one place for many, and is judged by what waits for places, not by its own number.
      if (!job.batched) admission.noteAdded(job);
      await throughQueue(() => queues.add(job));
      noteAsked(job);
    },
    startAgain: (job, losses) => throughQueue(() => queues.addAgain(job, losses)),
    breakerFor: (query) => breakers.ofQuery(query),
    async judge(job, budgetMs) {
      const verdict = await admission.judge(job, budgetMs);
      if (!verdict.admit) events.flightShed(job.query, verdict.why);
      return verdict;
    },
    patienceMs: (query) =>
      patienceMs(queryNamed(catalog, query).policy.timeoutMs, usualTimes.usualMs(query)),
    refreshNotStarted: (job, error) => events.refreshNotStarted(job, error),
  });
  // Subscribed again by itself after every reconnect; until then hints are missed, and the polls find what landed.
  void hearLandings(redis.subscriber, (landing) => {
    const ranMs = ranMsOf(catalog, landing);
    if (ranMs !== undefined) usualTimes.note(landing.query, ranMs);
    if (landing.outcome === 'stored' && landing.asOf !== undefined)
      onStored(landing.fingerprint, landing.asOf);
    flights.hear(landing);
  }).catch((error: unknown) => events.redisError('subscriber', error));
  const close = async () => {
    gauge.stop();
    await queues.close().catch(() => {});
  };
  return { flights, admission, usualTimes, close };
}

/** What a landing says of how long its query takes; one that ran out of time has taken all of it. */
function ranMsOf({ queries }: Catalog, landing: Landing): number | undefined {
  if (landing.outcome === 'stored') return landing.ranMs;
  return landing.code === 'timeout' ? queries.get(landing.query)?.policy.timeoutMs : undefined;
}
