import assert from 'node:assert/strict';
import type { FlightResult } from '../../gateway/flights/flights.ts';
import { ERROR_CODES } from '../../shared/error-codes.ts';
import type { Want } from '../../shared/flight/landings.ts';
import type { FlightJob } from '../../shared/queue/flight-job.ts';
import type { Waiter } from './sky-crowd.ts';
import type { Gateway } from './sky-gateways.ts';
import type { SkyStores, Spot } from './sky-stores.ts';
import type { SkyTime } from './sky-time.ts';
import type { SkyWorkers } from './sky-workers.ts';

/** What must always hold of gateways under a sky: each claim is made when something happens, and throws when it is false. */
export interface Claims {
  /** Somebody asks, or a flight is started behind. */
  ask(gateway: Gateway, job: FlightJob, isRefresh: boolean): void;
  /** A watch looks. */
  look(gateway: Gateway, fingerprint: string, want: Want): void;
  /** A watch puts a flight before the workers. */
  start(gateway: Gateway, job: FlightJob): void;
  /** The workers have cancelled a flight because nobody wants it. */
  cancel(spot: Spot): void;
  /** Somebody has his result. */
  settle(waiter: Waiter, result: FlightResult): void;
  /** Whenever all is still. */
  stand(): void;
}

/** What the claims are about. */
export interface ClaimedSky {
  readonly time: SkyTime;
  readonly stores: SkyStores;
  readonly workers: SkyWorkers;
  readonly gateways: readonly Gateway[];
  readonly waiters: readonly Waiter[];
}

/** A retry that leaves less than this need not be begun. */
const LEAST_RETRY_MS = 1_000;
/** A waiter's own timer may be late by so much. */
const LATE_MS = 5;
/** Within this much a watch sees by looking what it has not heard of: the slowest poll, and what slow stores add. */
const SEEN_MS = 1_500;
/** A flight that fails within this of his coming may be over before his first look: then it is not one after him. */
const LOOK_MS = 50;
/** Within this much a flight that got lost is put before the workers again: after the lost time and a poll. */
const AGAIN_MS = 3_500;

/** The claims about one sky. */
export function createClaims({ time, stores, workers, gateways, waiters }: ClaimedSky): Claims {
  const newestAsked = new Map<Spot, number>();
  const idleSince = new Map<Spot, number>();
  const haveToRest = new Map<FlightJob, Gateway>();

  return {
    ask(gateway, job, isRefresh) {
      const { fingerprint, newerThan } = job;
      const spot = stores.spotOf(fingerprint);
      newestAsked.set(spot, Math.max(newerThan, newestAsked.get(spot) ?? 0));
      if (isRefresh && gateway.flights.watched === 0) haveToRest.set(job, gateway);
    },
    look(gateway, fingerprint, { watcher, until }) {
      const standing = gateway.wishing.get(fingerprint);
      assert.ok(!standing || standing.watcher === watcher, 'a process watches twice at a time');
      gateway.wishing.delete(fingerprint);
      if (until === 0) return;
      const since = standing?.since ?? time.now();
      gateway.wishing.set(fingerprint, { watcher, since });
      // He who goes on from an earlier watch joins a moment after this one has first looked.
      if (since === time.now()) return;
      for (const waiter of waiting(fingerprint))
        if (waiter.gateway === gateway && !waiter.isRefresh)
          assert.ok(until >= waiter.endsAt, 'a wish ends before that of one who waits');
    },
    start(gateway, { fingerprint, requestId }) {
      for (const [job, asked] of haveToRest) {
        if (asked !== gateway || job.fingerprint !== fingerprint) continue;
        // From now on they wait for a flight, and may try themselves after another's failure.
        haveToRest.delete(job);
        if (job.requestId === requestId)
          assert.ok(
            !rests(stores.spotOf(fingerprint)),
            'a refresh was started while it had to rest',
          );
      }
    },
    cancel({ fingerprint }) {
      if (time.now() - stores.troubledAt < SEEN_MS) return;
      assert.equal(
        waiting(fingerprint).length,
        0,
        'a flight was cancelled that somebody waits for',
      );
    },
    settle,
    stand() {
      for (const spot of stores.spots)
        if (spot.flight ?? spot.job) idleSince.delete(spot);
        else if (!idleSince.has(spot)) idleSince.set(spot, time.now());
      for (const { flights, wishing } of gateways)
        assert.ok(wishing.size <= flights.watched, 'a wish outlives its watch');
      for (const waiter of waiters)
        if (!waiter.result && !waiter.gone.signal.aborted) keepsHisTime(waiter);
    },
  };

  /** Who waits for it by now, and did so a moment ago. */
  function waiting(fingerprint: string): readonly Waiter[] {
    const now = time.now();
    return waiters.filter(
      ({ job, result, gone, joinedAt, endsAt }) =>
        job.fingerprint === fingerprint &&
        !result &&
        !gone.signal.aborted &&
        joinedAt < now &&
        endsAt > now,
    );
  }

  function rests({ landing }: Spot): boolean {
    if (landing?.outcome !== 'failed') return false;
    const flight = workers.flown.get(landing.detail);
    return time.now() < (flight?.failed?.restsUntil ?? 0);
  }

  function settle(waiter: Waiter, result: FlightResult): void {
    const { gateway, job, joinedAt, endsAt, gone } = waiter;
    const leftMs = endsAt - time.now();
    assert.ok(leftMs >= -LATE_MS, `somebody has waited ${-leftMs} ms too long`);
    switch (result.kind) {
      case 'landed':
        assert.equal(result.entry.fingerprint, job.fingerprint);
        assert.ok(result.entry.asOf > job.newerThan, 'somebody got what he had already');
        return;
      case 'failed':
        isHisFailure(waiter, result, leftMs);
        return;
      case 'timeout':
        if (!gone.signal.aborted)
          assert.ok(leftMs < LEAST_RETRY_MS, `a timeout came ${leftMs} ms before its time`);
        return;
      case 'breaker-open':
        assert.notEqual(gateway.breaker.state, 'closed');
        return;
      case 'store-down':
        assert.ok(stores.troubledAt >= joinedAt - SEEN_MS, 'no store was down');
        return;
      case 'shed':
        assert.ok(!gateway.admission.admit, 'there was room');
        return;
      default:
        result satisfies never;
    }
  }

  function isHisFailure(
    { joinedAt, isRefresh }: Waiter,
    { code, detail }: FlightResult & { kind: 'failed' },
    leftMs: number,
  ): void {
    const flight = workers.flown.get(detail);
    assert.ok(flight?.failed?.code === code, 'a failure that never was');
    if (flight.startedAt >= joinedAt || !ERROR_CODES[code].retryable) return;
    const mayRest = isRefresh && time.now() < flight.failed.restsUntil;
    assert.ok(mayRest || leftMs < LEAST_RETRY_MS, 'somebody inherited a failure');
  }

  /** What stands in the stores for long enough is seen, whoever has not heard of it; and nothing stays lost. */
  function keepsHisTime({ job, joinedAt, endsAt }: Waiter): void {
    const now = time.now();
    assert.ok(now <= endsAt + LATE_MS, 'somebody waits for ever');
    const spot = stores.spotOf(job.fingerprint);
    const { entry, landing } = spot;
    const forMs = (at: number) => now - Math.max(joinedAt, stores.troubledAt, at);
    // Whoever asks for less than the one who began the watch has to wait for what that one has asked for.
    if (entry && entry.asOf > (newestAsked.get(spot) ?? 0))
      assert.ok(forMs(spot.entryStoredAt) <= SEEN_MS, 'an entry is not seen');
    if (landing?.outcome === 'failed' && landing.startedAt > joinedAt + LOOK_MS)
      assert.ok(forMs(landing.at) <= SEEN_MS, 'a failure is not seen');
    assert.ok(forMs(idleSince.get(spot) ?? now) <= AGAIN_MS, 'a flight stays lost');
  }
}
