import assert from 'node:assert/strict';
import type { MockTracker } from 'node:test';
import type { FlightResult } from '../../gateway/flights/flights.ts';
import type { Landing } from '../../shared/flight/landing.ts';
import type { FlightJob } from '../../shared/queue/flight-job.ts';
import { createClaims } from './sky-claims.ts';
import { type Gateway, openGateway } from './sky-gateways.ts';
import { createSkyStores, type SkyStores, type Spot } from './sky-stores.ts';
import { type SkyTime, stopSkyTime } from './sky-time.ts';
import { createSkyWorkers, type SkyWorkers } from './sky-workers.ts';
import { jobFor } from './watch-doubles.ts';

/** Somebody who waits for a flight; instants are milliseconds since the epoch. */
export interface Waiter {
  readonly gateway: Gateway;
  readonly job: FlightJob;
  readonly joinedAt: number;
  readonly endsAt: number;
  readonly isRefresh: boolean;
  readonly gone: AbortController;
  result: FlightResult | undefined;
}

/** How somebody asks. */
export interface Ask {
  readonly process: number;
  readonly spot: number;
  readonly waitMs: number;
  readonly isRefresh: boolean;
  /** He has seen the entry that stands there, and wants a newer one. */
  readonly isNewer: boolean;
}

/** A flight that is started and not waited for. */
export interface Behind {
  readonly process: number;
  readonly spot: number;
  readonly how: 'refresh' | 'probe';
}

/** Three gateway processes under one sky, all who wait in them, and an eye on what must always hold. */
export interface Crowd {
  readonly time: SkyTime;
  readonly stores: SkyStores;
  readonly workers: SkyWorkers;
  readonly gateways: readonly Gateway[];
  readonly waiters: readonly Waiter[];
  /** Landings that a process has yet to hear of. */
  readonly hints: { readonly process: number; readonly landing: Landing }[];
  ask(how: Ask): void;
  startBehind(how: Behind): void;
  pass(ms: number): Promise<void>;
  /** Throws what has been found wrong so far. */
  check(): void;
  end(): void;
}

const PROCESSES = [0, 1, 2];
const FINGERPRINTS = ['a'.repeat(64), 'b'.repeat(64)];
const DEADLINE_MS = 20_000;

/** A crowd of nobody yet; a flight has failed its query once it has been in the air for `patienceMs`. */
export function gatherCrowd(mock: MockTracker, patienceMs: number): Crowd {
  const time = stopSkyTime(mock);
  const wrong: unknown[] = [];
  const seeTo = (claim: () => void) => {
    try {
      claim();
    } catch (error) {
      wrong.push(error);
    }
  };
  const waiters: Waiter[] = [];
  const gateways: Gateway[] = [];
  const hints: Crowd['hints'] = [];
  const stores = createSkyStores(time, FINGERPRINTS, {
    onLook: (process, fingerprint, want) =>
      seeTo(() => claims.look(gatewayOf(process), fingerprint, want)),
    onStart: (process, job) => seeTo(() => claims.start(gatewayOf(process), job)),
  });
  const workers = createSkyWorkers(time, stores, {
    onLanding: (landing) => hints.push(...PROCESSES.map((process) => ({ process, landing }))),
    onCancel: (spot) => seeTo(() => claims.cancel(spot)),
  });
  const claims = createClaims({ time, stores, workers, gateways, waiters });
  for (const process of PROCESSES)
    gateways.push(openGateway(time, stores.reachedFrom(process), patienceMs));
  const gatewayOf = (process: number) => gateways[process] ?? assert.fail('no such process');
  let asked = 0;

  const jobOf = ({ fingerprint, entry }: Spot, isNewer: boolean): FlightJob => ({
    ...jobFor(isNewer ? entry?.asOf : 0),
    fingerprint,
    deadline: time.now() + DEADLINE_MS,
    requestId: `request ${asked++}`,
  });
  const check = () => {
    seeTo(() => claims.stand());
    const [first] = wrong;
    if (first !== undefined) throw first;
  };

  return {
    time,
    stores,
    workers,
    gateways,
    waiters,
    hints,
    ask({ process, spot: which, waitMs, isRefresh, isNewer }) {
      const gateway = gatewayOf(process);
      const job = jobOf(pick(stores.spots, which), isNewer);
      const joinedAt = time.now();
      const endsAt = joinedAt + waitMs;
      const gone = new AbortController();
      const waiter: Waiter = { gateway, job, joinedAt, endsAt, isRefresh, gone, result: undefined };
      waiters.push(waiter);
      claims.ask(gateway, job, isRefresh);
      gateway.flights.await(job, { waitMs, isRefresh, gone: gone.signal }).then(
        (result) => {
          waiter.result = result;
          seeTo(() => claims.settle(waiter, result));
        },
        (error: unknown) => wrong.push(error),
      );
    },
    startBehind({ process, spot: which, how }) {
      const gateway = gatewayOf(process);
      const job = jobOf(pick(stores.spots, which), true);
      claims.ask(gateway, job, how === 'refresh');
      if (how === 'refresh') gateway.flights.startBehind(job);
      else gateway.flights.probeBehind(job);
    },
    pass: (ms) => time.pass(ms, check),
    check,
    end() {
      for (const { breaker } of gateways) breaker.close();
      mock.restoreAll();
    },
  };
}

/** One of them, whatever the number. */
export function pick<T>(from: readonly T[], which: number): T {
  return from[which % from.length] ?? assert.fail('there is none to pick from');
}
