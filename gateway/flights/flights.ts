import pTimeout from 'p-timeout';
import type { Entry } from '../../shared/entry/entry.ts';
import { type Code, ERROR_CODES } from '../../shared/error-codes.ts';
import type { FlightTimes, Landing } from '../../shared/flight/landing.ts';
import type { FlightJob } from '../../shared/queue/flight-job.ts';
import { beginWatch, type GuardedEnd, type Watch, type WatchingParts } from './begin-watch.ts';
import { failureToRestAfter, type RestingParts } from './rest.ts';

/** What waiting for a flight comes to. */
export type FlightResult =
  | {
      readonly kind: 'landed';
      readonly entry: Entry;
      readonly collapsed: boolean;
      readonly times?: FlightTimes | undefined;
    }
  | { readonly kind: 'failed'; readonly code: Code; readonly detail: string }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'breaker-open' }
  | { readonly kind: 'shed'; readonly retryAfterSeconds: number }
  | { readonly kind: 'store-down'; readonly detail: string };

/** How somebody waits for a flight. */
export interface Waiting {
  readonly waitMs: number;
  /** It is a refresh: it goes on to its deadline for the sake of the next who asks, and rests for a while after a failure. */
  readonly isRefresh: boolean;
  /** Aborts when he who waits has left. */
  readonly gone: AbortSignal;
}

/** The flights that this gateway process waits for: one watch per fingerprint, however many wait. */
export interface Flights {
  /** Joins the fingerprint's flight, or starts one, and waits for an entry newer than `newerThan`. Never rejects. */
  await(job: FlightJob, waiting: Waiting): Promise<FlightResult>;
  /** Starts a flight that nobody waits for, unless one is watched, there is no room, or the last one has just failed. */
  startBehind(job: FlightJob): void;
  /** Starts a flight that nobody waits for when the query's breaker is looking for one to try. */
  probeBehind(job: FlightJob): void;
  /** Tells the watches that a flight has landed somewhere. */
  hear(landing: Landing): void;
  /** How many fingerprints are being watched. */
  readonly watched: number;
}

/** What is said to a flight that has no watch yet. */
export type Admission =
  | { readonly admit: true }
  | { readonly admit: false; readonly retryAfterSeconds: number; readonly refresh: boolean };

/** What flights are watched through, and who judges them. */
export interface FlightsParts extends WatchingParts, RestingParts {
  /** Whether a flight that may take so long can be taken on. */
  readonly judge: (job: FlightJob, budgetMs: number) => Promise<Admission>;
}

/** A retry that leaves less than this is not begun. */
const LEAST_RETRY_MS = 1_000;

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
  // What is watched here is in the air or waits already: one more who waits for it costs nothing.
  const judge = async (job: FlightJob, budgetMs: number): Promise<Admission> =>
    watches.has(job.fingerprint) ? { admit: true } : parts.judge(job, budgetMs);
  const awaitOnce = async (job: FlightJob, { waitMs, isRefresh, gone }: Waiting) => {
    const { watch, first } = join(job);
    const milliseconds = Math.max(1, waitMs);
    const leave = watch.wants.add(isRefresh ? job.deadline : parts.clock.now() + milliseconds);
    const waited = pTimeout(watch.end, { milliseconds, fallback: () => undefined, signal: gone });
    const end = await waited.catch(() => undefined);
    if (!isRefresh) leave();
    return { end, first };
  };
  const refresh = async (job: FlightJob) => {
    if (await failureToRestAfter(parts, job)) return;
    const { watch } = join(job);
    watch.wants.add(job.deadline);
    const end = await watch.end;
    if (end.kind === 'store-down') parts.refreshNotStarted(job, end.detail);
  };
  const startIfAdmitted = async (job: FlightJob) => {
    const { admit } = await judge(job, job.deadline - parts.clock.now());
    if (admit) await refresh(job);
  };
  const startBehind = (job: FlightJob) => {
    if (!watches.has(job.fingerprint)) void startIfAdmitted(job);
  };

  return {
    async await(job, waiting) {
      const joinedAt = parts.clock.now();
      const leftMs = () => joinedAt + waiting.waitMs - parts.clock.now();
      const verdict = await atMost(leftMs(), judge(job, waiting.waitMs));
      if (verdict === 'late') return { kind: 'timeout' };
      if (!verdict.admit) {
        // In the query's own time, or not at all: refreshes that may wait longer than callers do fill the queue before them.
        if (verdict.refresh && waiting.waitMs < job.deadline - joinedAt) startBehind(job);
        return { kind: 'shed', retryAfterSeconds: verdict.retryAfterSeconds };
      }
      if (waiting.isRefresh && !watches.has(job.fingerprint)) {
        const rest = await atMost(leftMs(), failureToRestAfter(parts, job));
        if (rest === 'late') {
          void refresh(job);
          return { kind: 'timeout' };
        }
        if (rest) return rest;
      }
      for (;;) {
        const { end, first } = await awaitOnce(job, { ...waiting, waitMs: leftMs() });
        // Nobody is given what another's flight has come to while he can still try himself.
        if (!isAnothers(end, job, joinedAt) || leftMs() < LEAST_RETRY_MS)
          return resultOf(end, job, !first);
      }
    },
    startBehind,
    probeBehind(job) {
      if (watches.has(job.fingerprint)) return;
      if (parts.breakerFor(job.query).state !== 'half-open') return;
      join(job).watch.wants.add(parts.clock.now() + parts.patienceMs(job.query));
    },
    hear(landing) {
      watches.get(landing.fingerprint)?.bell.ring(landing);
    },
    get watched() {
      return watches.size;
    },
  };
}

function atMost<T>(ms: number, promise: Promise<T>): Promise<T | 'late'> {
  return pTimeout(promise, { milliseconds: Math.max(1, ms), fallback: () => 'late' as const });
}

function isAnothers(
  end: GuardedEnd | undefined,
  { newerThan }: FlightJob,
  joinedAt: number,
): boolean {
  if (end?.kind === 'landed') return end.entry.asOf <= newerThan;
  if (end?.kind === 'unwanted') return end.startedAt < joinedAt;
  return end?.kind === 'failed' && ERROR_CODES[end.code].retryable && end.startedAt < joinedAt;
}

function resultOf(
  end: GuardedEnd | undefined,
  { newerThan }: FlightJob,
  collapsed: boolean,
): FlightResult {
  if (!end || end.kind === 'unwanted') return { kind: 'timeout' };
  if (end.kind !== 'landed') return end;
  if (end.entry.asOf <= newerThan) return { kind: 'timeout' };
  const { entry, joined, times } = end;
  return { kind: 'landed', entry, collapsed: collapsed || joined, times };
}
