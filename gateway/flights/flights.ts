import pTimeout from 'p-timeout';
import type { Breaker } from '../../shared/breaker.ts';
import type { Entry } from '../../shared/entry/entry.ts';
import { type Code, ERROR_CODES } from '../../shared/error-codes.ts';
import type { Landing } from '../../shared/flight/landing.ts';
import type { FlightJob } from '../../shared/queue/flight-job.ts';
import { createBell } from './bell.ts';
import { type WatchEnd, type WatchParts, watchFlight } from './watch.ts';

/** What waiting for a flight comes to. */
export type FlightResult =
  | { readonly kind: 'landed'; readonly entry: Entry; readonly collapsed: boolean }
  | { readonly kind: 'failed'; readonly code: Code; readonly detail: string }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'breaker-open' }
  | { readonly kind: 'store-down'; readonly detail: string };

/** The flights that this gateway process waits for: one watch per fingerprint, however many wait. */
export interface Flights {
  /** Joins the fingerprint's flight, or starts one, and waits at most `waitMs` for an entry newer than `newerThan`. Never rejects. */
  await(job: FlightJob, waitMs: number): Promise<FlightResult>;
  /** Starts a flight that nobody waits for, unless one is in the air or the last one has just failed. */
  startBehind(job: FlightJob): void;
  /** Tells the watches that a flight has landed somewhere. */
  hear(landing: Landing): void;
  /** How many fingerprints are being watched. */
  readonly watched: number;
}

/** What flights are watched through, and who judges them. */
export interface FlightsParts extends WatchParts {
  /** The breaker of a query: each watch is one call, however many wait for it and for however short a time. */
  readonly breakerFor: (query: string) => Breaker;
  readonly refreshNotStarted: (job: FlightJob, error: unknown) => void;
}

/** A retry that leaves less than this is not begun. */
const LEAST_RETRY_MS = 1_000;

type GuardedEnd = WatchEnd | { readonly kind: 'breaker-open' };

interface Watch {
  readonly end: Promise<GuardedEnd>;
  readonly hear: (landing: Landing) => void;
}

/** The flights of one process over the stores that it shares with the workers. */
export function createFlights(parts: FlightsParts): Flights {
  const watches = new Map<string, Watch>();
  const join = (job: FlightJob): { watch: Watch; first: boolean } => {
    const standing = watches.get(job.fingerprint);
    if (standing) return { watch: standing, first: false };
    const watch = beginWatch(parts, job, () => watches.delete(job.fingerprint));
    watches.set(job.fingerprint, watch);
    return { watch, first: true };
  };
  const awaitOnce = async (job: FlightJob, waitMs: number) => {
    const { watch, first } = join(job);
    const milliseconds = Math.max(1, waitMs);
    const end = await pTimeout(watch.end, { milliseconds, fallback: () => undefined });
    return { end, first };
  };
  const refresh = async (job: FlightJob) => {
    if (await hasJustFailed(parts, job)) return;
    const end = await join(job).watch.end;
    if (end.kind === 'store-down') parts.refreshNotStarted(job, end.detail);
  };

  return {
    async await(job, waitMs) {
      const joinedAt = parts.clock.now();
      const until = performance.now() + waitMs;
      const { end, first } = await awaitOnce(job, waitMs);
      const leftMs = until - performance.now();
      if (!isAnothers(end, joinedAt) || leftMs < LEAST_RETRY_MS) return resultOf(end, !first);
      // The failure is that of a flight that took off before: nobody inherits what he can still try himself.
      const again = await awaitOnce(job, leftMs);
      return resultOf(again.end, !again.first);
    },
    startBehind(job) {
      if (!watches.has(job.fingerprint)) void refresh(job);
    },
    hear(landing) {
      watches.get(landing.fingerprint)?.hear(landing);
    },
    get watched() {
      return watches.size;
    },
  };
}

/** Watches a flight to its end, through the breaker of its query; the end never rejects. */
function beginWatch(parts: FlightsParts, job: FlightJob, onEnd: () => void): Watch {
  const bell = createBell();
  const watching = parts
    .breakerFor(job.query)
    .guard(() => watchFlight(parts, job, bell), isWarehouseFault);
  const end = watching.then(
    (guarded): GuardedEnd => (guarded.open ? { kind: 'breaker-open' } : guarded.value),
    (error: unknown): GuardedEnd => ({ kind: 'store-down', detail: String(error) }),
  );
  return { end: end.finally(onEnd), hear: (landing) => bell.ring(landing) };
}

function isWarehouseFault(end: WatchEnd): boolean {
  return (
    end.kind === 'timeout' || (end.kind === 'failed' && ERROR_CODES[end.code].fault === 'warehouse')
  );
}

/** How the last flight ended is remembered for half a minute: for so long a failed refresh is not repeated. */
async function hasJustFailed(parts: FlightsParts, job: FlightJob): Promise<boolean> {
  try {
    return (await parts.landings.look(job.fingerprint)).landing?.outcome === 'failed';
  } catch (error) {
    parts.refreshNotStarted(job, error);
    return true;
  }
}

function isAnothers(end: GuardedEnd | undefined, joinedAt: number): boolean {
  if (end?.kind === 'timeout') return end.startedAt < joinedAt;
  return end?.kind === 'failed' && ERROR_CODES[end.code].retryable && end.startedAt < joinedAt;
}

function resultOf(end: GuardedEnd | undefined, collapsed: boolean): FlightResult {
  if (!end) return { kind: 'timeout' };
  if (end.kind === 'landed')
    return { kind: 'landed', entry: end.entry, collapsed: collapsed || end.joined };
  return end;
}
