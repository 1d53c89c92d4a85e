import { type Dated, freshUntil, UNCHANGED_FOR_MS } from '../../shared/entry/entry.ts';
import type { Policy } from '../../shared/catalog/policy.ts';
import type { WarmRun } from '../../shared/warm/warm-runs.ts';

/** The instants that a run goes by, milliseconds since the epoch. */
export interface WarmingPlan {
  /** From the start of one run to that of the next, in milliseconds. */
  readonly everyMs: number;
  readonly startedAt: number;
  /** Then it ends with what it has. */
  readonly endsAt: number;
  /** An entry that is still fresh then is left as it is. */
  readonly freshUntil: number;
}

/** A list may be long, and a short interval is no reason to begin it again and again from its first set. */
const LEAST_RUN_MS = 10 * 60_000;
/** The part of the interval that is kept free for the next run at most. */
const MOST_MARGIN_SHARE = 1 / 4;
/** Spread over this part of their interval, and no more than so long, runs of different queries do not begin in one beat. */
const JITTER_SHARE = 1 / 20;
const MOST_JITTER_MS = 10_000;
const MOST_BACK_OFF = 8;
/** A run that begins this part of the interval early is on time: schedules and clocks are not the same thing. */
const EARLY_SHARE = 1 / 10;

/** The plan of a run; the last one shows how long the next will need until its sets are there. */
export function planRun(everyMs: number, startedAt: number, lastTookMs = 0): WarmingPlan {
  return {
    everyMs,
    startedAt,
    endsAt: startedAt + Math.max(everyMs, LEAST_RUN_MS),
    freshUntil: startedAt + everyMs + Math.min(lastTookMs, everyMs * MOST_MARGIN_SHARE),
  };
}

/** Whether an entry needs no flight in this run: it is of this run's own time, or fresh until the next one has brought its successor. */
export function isFreshEnough(
  entry: Dated,
  policy: Policy,
  plan: WarmingPlan,
  now: number,
): boolean {
  if (entry.outdatedAt !== undefined) return false;
  if (entry.asOf >= plan.startedAt || freshUntil(entry, policy) > plan.freshUntil) return true;
  // Whoever watches its tables goes on saying that they are unchanged; should they change, the next run flies it.
  const isConfirmed = now < (entry.unchangedAt ?? 0) + UNCHANGED_FOR_MS;
  return isConfirmed && entry.asOf + policy.freshAtMostMs > plan.freshUntil;
}

/** How long a scheduled run waits before it begins: for each query always the same, so that intervals stay what they are. */
export function jitterMs(query: string, everyMs: number): number {
  return (hashOf(query) / 2 ** 32) * Math.min(everyMs * JITTER_SHARE, MOST_JITTER_MS);
}

/** When the schedule's next run is due: after mishaps in twice the interval, four times, eight times. */
export function nextRunAt(startedAt: number, everyMs: number, mishaps: number): number {
  return startedAt + everyMs * Math.min(MOST_BACK_OFF, 2 ** mishaps);
}

/** Whether a scheduled run is left out because the last ones came to nothing. */
export function isPutOff(last: WarmRun | undefined, everyMs: number, now: number): boolean {
  if (!last || last.mishaps === 0) return false;
  return now < nextRunAt(last.startedAt, everyMs, last.mishaps) - everyMs * EARLY_SHARE;
}

/** FNV-1a, 32 bits: http://www.isthe.com/chongo/tech/comp/fnv/. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const char of text) hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
  return hash >>> 0;
}
