import assert from 'node:assert/strict';
import type { WatchParts } from '../../gateway/flights/watch.ts';
import type { Entry } from '../../shared/entry/entry.ts';
import type { Code } from '../../shared/error-codes.ts';
import type { Landing } from '../../shared/flight/landing.ts';
import type { Sight, Want } from '../../shared/flight/landings.ts';
import type { FlightJob } from '../../shared/queue/flight-job.ts';
import type { SkyTime } from './sky-time.ts';

/** How a store behaves: it answers, it refuses at once, or it is silent until its caller gives it up. */
export type Conduct = 'up' | 'down' | 'hangs';

/** A flight in the air, or one that was; instants are milliseconds since the epoch. */
export interface Flown {
  readonly id: string;
  readonly job: FlightJob;
  readonly startedAt: number;
  /** Its worker renews the lease; a dead one does not. */
  isAlive: boolean;
  /** When its lease frees itself. */
  freesAt: number;
  /** How it has failed, and until when its fingerprint rests for that. */
  failed?: { readonly code: Code; readonly restsUntil: number };
}

/** What the stores know of one fingerprint. */
export interface Spot {
  readonly fingerprint: string;
  entry: Entry | undefined;
  entryStoredAt: number;
  flight: Flown | undefined;
  landing: Landing | undefined;
  failures: number;
  /** The job that waits, or is taken; when its worker has died it waits again from an instant on. */
  job: { readonly job: FlightJob; isTaken: boolean; backAt: number } | undefined;
  readonly wants: Map<string, number>;
}

/** Both stores, with the queue, as all gateway processes and workers share them. */
export interface SkyStores {
  readonly spots: readonly Spot[];
  readonly queue: Conduct;
  readonly cache: Conduct;
  /** How long a store takes to answer. */
  lagMs: number;
  /** When anything was last amiss with a store. */
  readonly troubledAt: number;
  /** From now on a store behaves so. */
  turn(role: Role, conduct: Conduct): void;
  /** The queue's server comes back empty. */
  forget(): void;
  /** What a gateway process does with the stores. */
  reachedFrom(process: number): Pick<WatchParts, 'entries' | 'landings' | 'start'>;
  spotOf(fingerprint: string): Spot;
  /** The flight whose lease stands. */
  inTheAir(spot: Spot): Flown | undefined;
}

/** What hears of calls before they are answered. */
export interface StoreEars {
  readonly onLook: (process: number, fingerprint: string, want: Want) => void;
  readonly onStart: (process: number, job: FlightJob) => void;
}

type Role = 'queue' | 'cache';

const LANDING_MS = 30_000;
const HANG_MS = { queue: 250, cache: 200 };

/** Stores with nothing in them. */
export function createSkyStores(
  time: SkyTime,
  fingerprints: readonly string[],
  ears: StoreEars,
): SkyStores {
  const spots = fingerprints.map(emptySpot);
  const conduct: Record<Role, Conduct> = { queue: 'up', cache: 'up' };
  const isTroubled = () => conduct.queue !== 'up' || conduct.cache !== 'up';
  let troubledAt = 0;

  const stores: SkyStores = {
    spots,
    get queue() {
      return conduct.queue;
    },
    get cache() {
      return conduct.cache;
    },
    lagMs: 0,
    get troubledAt() {
      return isTroubled() ? time.now() : troubledAt;
    },
    turn(role, next) {
      if (isTroubled() || next !== 'up') troubledAt = time.now();
      conduct[role] = next;
    },
    forget() {
      troubledAt = time.now();
      for (const spot of spots) {
        Object.assign(spot, { flight: undefined, landing: undefined, job: undefined, failures: 0 });
        spot.wants.clear();
      }
    },
    reachedFrom,
    spotOf,
    inTheAir,
  };
  return stores;

  function reachedFrom(process: number): Pick<WatchParts, 'entries' | 'landings' | 'start'> {
    return {
      entries: {
        async readMany(wanted) {
          await answer('cache');
          return wanted.map((one) => {
            const { entry } = spotOf(one);
            return entry ? { kind: 'entry', entry } : { kind: 'none' };
          });
        },
      },
      landings: {
        async look(fingerprint, want) {
          if (want) ears.onLook(process, fingerprint, want);
          await answer('queue');
          return lookAt(spotOf(fingerprint), want);
        },
      },
      async start(job) {
        ears.onStart(process, job);
        await answer('queue');
        spotOf(job.fingerprint).job ??= { job, isTaken: false, backAt: Infinity };
      },
    };
  }

  async function answer(role: Role): Promise<void> {
    const met = conduct[role];
    const waitMs = met === 'hangs' ? HANG_MS[role] : stores.lagMs;
    if (waitMs > 0) await new Promise<void>((done) => setTimeout(done, waitMs));
    if (met !== 'up') throw new Error(`${role} does not answer`);
  }

  function lookAt(spot: Spot, want: Want | undefined): Sight {
    if (want?.until === 0) spot.wants.delete(want.watcher);
    else if (want) spot.wants.set(want.watcher, want.until);
    // With this one "nobody wants it any more" differs from "nobody has said".
    if (want) spot.wants.set('-', 0);
    if (spot.landing && time.now() >= spot.landing.at + LANDING_MS) spot.landing = undefined;
    const { landing, failures } = spot;
    return { airborne: inTheAir(spot) !== undefined, landing, failures };
  }

  function inTheAir(spot: Spot): Flown | undefined {
    if (spot.flight && time.now() >= spot.flight.freesAt) spot.flight = undefined;
    return spot.flight;
  }

  function spotOf(fingerprint: string): Spot {
    const spot = spots.find((one) => one.fingerprint === fingerprint);
    assert.ok(spot, `nobody knows of ${fingerprint}`);
    return spot;
  }
}

function emptySpot(fingerprint: string): Spot {
  return {
    fingerprint,
    entry: undefined,
    entryStoredAt: 0,
    flight: undefined,
    landing: undefined,
    failures: 0,
    job: undefined,
    wants: new Map(),
  };
}
