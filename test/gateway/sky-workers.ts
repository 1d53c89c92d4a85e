import { restMs } from '../../gateway/flights/rest.ts';
import type { Code } from '../../shared/error-codes.ts';
import type { Landing } from '../../shared/flight/landing.ts';
import type { Flown, SkyStores, Spot } from './sky-stores.ts';
import type { SkyTime } from './sky-time.ts';
import { entryAsOf } from './watch-doubles.ts';

/** What the workers of a sky do, as far as gateways can see it. */
export interface SkyWorkers {
  /** Every flight that has ever taken off, by its id: that is also the detail of its failure. */
  readonly flown: ReadonlyMap<string, Flown>;
  /** A worker takes the job that waits, if any, unless nobody wants it or it is in the air. */
  take(spot: Spot): Flown | undefined;
  /** The flight ends with an entry, or with a failure; its lease is freed `lateMs` after it has said so. */
  land(flight: Flown, lateMs: number, code?: Code): void;
  /** The worker dies with the flight. */
  die(spot: Spot): void;
  /** The job that waits gets lost. */
  drop(spot: Spot): void;
}

/** What hears of the workers. */
export interface WorkerEars {
  readonly onLanding: (landing: Landing) => void;
  /** A flight has been cancelled because nobody wants it. */
  readonly onCancel: (spot: Spot) => void;
}

const LEASE_MS = 4_000;
const STALLED_MS = 7_000;
const LEAST_WANTED_MS = 50;

/** Workers that do only what they are told, and renew the leases of what they fly. */
export function createSkyWorkers(time: SkyTime, stores: SkyStores, ears: WorkerEars): SkyWorkers {
  const flown = new Map<string, Flown>();

  return {
    flown,
    take(spot) {
      const waiting = spot.job;
      if (!waiting || stores.queue !== 'up' || time.now() < backAt(waiting)) return undefined;
      if (wantedMs(spot, waiting) < LEAST_WANTED_MS || stores.inTheAir(spot)) {
        spot.job = undefined;
        return undefined;
      }
      Object.assign(waiting, { isTaken: true, backAt: Infinity });
      const startedAt = time.now();
      const flight: Flown = {
        id: `flight ${flown.size}`,
        job: waiting.job,
        startedAt,
        isAlive: true,
        freesAt: startedAt + LEASE_MS,
      };
      flown.set(flight.id, flight);
      spot.flight = flight;
      renewLater(spot, flight);
      return flight;
    },
    land(flight, lateMs, code) {
      const spot = stores.spotOf(flight.job.fingerprint);
      if (!flight.isAlive || stores.inTheAir(spot) !== flight) return;
      const failure = code ?? (stores.cache === 'up' ? undefined : 'store-down');
      if (!failure) store(spot, flight);
      // Otherwise nobody hears of it, the lease has to run out, and the queue takes the worker for dead.
      if (stores.queue !== 'up') return die(spot);
      announce(spot, flight, failure);
      end(spot, flight, lateMs);
    },
    die,
    drop(spot) {
      if (!spot.job?.isTaken) spot.job = undefined;
    },
  };

  function die(spot: Spot): void {
    if (!spot.flight?.isAlive) return;
    spot.flight.isAlive = false;
    if (spot.job) spot.job.backAt = time.now() + STALLED_MS;
  }

  /** In time for the lease, and just after the flight's end is due. */
  function renewLater(spot: Spot, flight: Flown): void {
    const dueMs = wantedMs(spot, flight) + 100;
    const nextMs = dueMs > 0 ? Math.min(LEASE_MS / 4, dueMs) : LEASE_MS / 4;
    setTimeout(() => renew(spot, flight), nextMs);
  }

  function renew(spot: Spot, flight: Flown): void {
    if (!flight.isAlive) return;
    if (stores.inTheAir(spot) !== flight) {
      flight.isAlive = false;
      if (spot.job?.job === flight.job) spot.job = undefined;
      return;
    }
    if (stores.queue === 'up') {
      flight.freesAt = time.now() + LEASE_MS;
      if (wantedMs(spot, flight) <= 0) {
        end(spot, flight, 0);
        return ears.onCancel(spot);
      }
    }
    renewLater(spot, flight);
  }

  function store(spot: Spot, { startedAt }: Flown): void {
    if (spot.entry && spot.entry.asOf > startedAt) return;
    spot.entry = { ...entryAsOf(startedAt), fingerprint: spot.fingerprint };
    spot.entryStoredAt = time.now();
  }

  function announce(spot: Spot, flight: Flown, code: Code | undefined): void {
    const { fingerprint } = spot;
    const { id: detail, startedAt } = flight;
    const facts = { fingerprint, query: 'q', id: `landing of ${detail}`, at: time.now() };
    spot.failures = code ? spot.failures + 1 : 0;
    spot.landing = code
      ? { ...facts, outcome: 'failed', code, detail, startedAt }
      : { ...facts, outcome: 'stored' };
    if (code) flight.failed = { code, restsUntil: time.now() + restMs(spot.failures) };
    ears.onLanding(spot.landing);
  }

  function end(spot: Spot, flight: Flown, lateMs: number): void {
    flight.isAlive = false;
    const free = () => {
      if (spot.flight !== flight) return;
      spot.flight = undefined;
      spot.job = undefined;
    };
    if (lateMs > 0) setTimeout(free, lateMs);
    else free();
  }

  function wantedMs({ wants }: Spot, { job }: Pick<Flown, 'job'>): number {
    const until = wants.size > 0 ? Math.max(...wants.values()) : job.deadline;
    return until - time.now();
  }
}

function backAt({ isTaken, backAt }: NonNullable<Spot['job']>): number {
  return isTaken ? backAt : 0;
}
