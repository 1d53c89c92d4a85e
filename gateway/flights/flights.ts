import pTimeout from 'p-timeout';
import type { Entry } from '../../shared/entry/entry.ts';
import type { FlightJob } from '../../shared/queue/flight-job.ts';
import { type Code, ERROR_CODES } from '../../shared/error-codes.ts';
import type { Landing } from '../../shared/flight/landing.ts';
import { createWatch, type Watch, type WatchEnd, type WatchParts } from './watch.ts';

/** What waiting for a flight comes to. */
export type FlightResult =
  | { readonly kind: 'landed'; readonly entry: Entry; readonly collapsed: boolean }
  | { readonly kind: 'failed'; readonly code: Code; readonly detail: string }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'store-down'; readonly detail: string };

/** A retry that leaves less than this is not begun. */
const LEAST_RETRY_MS = 1_000;

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

/** The flights of one process over the stores that it shares with the workers. */
export function createFlights(parts: WatchParts): Flights {
  const watches = new Map<string, Watch>();
  const join = (job: FlightJob): { watch: Watch; first: boolean } => {
    const standing = watches.get(job.fingerprint);
    if (standing) return { watch: standing, first: false };
    const watch = createWatch(parts, job, () => watches.delete(job.fingerprint));
    watches.set(job.fingerprint, watch);
    return { watch, first: true };
  };

  const awaitOnce = async (job: FlightJob, waitMs: number) => {
    const { watch, first } = join(job);
    const leave = watch.enter();
    try {
      const end = await pTimeout(watch.end, {
        milliseconds: Math.max(1, waitMs),
        fallback: () => undefined,
      });
      return { end, first };
    } finally {
      leave();
    }
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
      if (!watches.has(job.fingerprint)) void parts.startUnlessFailing(job);
    },
    hear(landing) {
      watches.get(landing.fingerprint)?.hear(landing);
    },
    get watched() {
      return watches.size;
    },
  };
}

function isAnothers(end: WatchEnd | undefined, joinedAt: number): boolean {
  return end?.kind === 'failed' && ERROR_CODES[end.code].retryable && end.startedAt < joinedAt;
}

function resultOf(end: WatchEnd | undefined, collapsed: boolean): FlightResult {
  if (!end) return { kind: 'timeout' };
  if (end.kind === 'landed')
    return { kind: 'landed', entry: end.entry, collapsed: collapsed || end.joined };
  return end;
}
