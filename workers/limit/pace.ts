/** Whether the warehouse as a whole has become slow, judged by each query against its own past. */
export interface Pace {
  /** Notes a flight that ended by itself; a failed one counts as a slow one, and its time is not learned as usual. */
  note(query: string, tookMs: number, failed: boolean): void;
  /** True when at least half of the queries that have lately flown, and two of them, take much longer than is usual for them. */
  isSlow(): boolean;
}

/** A query has no usual time, and no say, before so many flights. */
const LEARNT_AFTER = 10;
/** What is faster than this is never slow: in so short a time this machine shows, not the warehouse. */
const LEAST_USUAL_MS = 200;
/** A query is slow when its recent flights take so many times as long as usual. */
const SLOW_RATIO = 2;
/** No single flight counts for more than this, and a failed one for as much: it takes two in a row to call a query slow. */
const MOST_RATIO = 4;
const RECENT_WEIGHT = 0.3;
/** After so long the usual time has gone half of the way to a new pace: a lasting change is forgiven within minutes. */
const USUAL_HALF_LIFE_MS = 10 * 60_000;
/** A rare query's single flight moves its usual time by no more than this part of the difference. */
const MOST_USUAL_WEIGHT = 0.1;
/** A query that has not flown for this long has no say. */
const SAY_MS = 30_000;
const MOST_QUERIES = 500;

/** A pace that knows no query yet. */
export function createPace(now: () => number): Pace {
  const queries = new Map<string, QueryPace>();
  return {
    note(query, tookMs, failed) {
      const pace = queries.get(query) ?? newQueryPace(now());
      note(pace, tookMs, failed, now());
      queries.delete(query);
      queries.set(query, pace);
      const [oldest] = queries.keys();
      if (queries.size > MOST_QUERIES && oldest !== undefined) queries.delete(oldest);
    },
    isSlow() {
      const heardSince = now() - SAY_MS;
      let heard = 0;
      let slow = 0;
      for (const { flights, endedAt, recentRatio } of queries.values()) {
        if (flights <= LEARNT_AFTER || endedAt < heardSince) continue;
        heard += 1;
        if (recentRatio >= SLOW_RATIO) slow += 1;
      }
      return slow >= 2 && slow * 2 >= heard;
    },
  };
}

interface QueryPace {
  /** Flights that have been learned from. */
  flights: number;
  /** The long-run mean. */
  usualMs: number;
  /** How many times as long as usual the last few flights took. */
  recentRatio: number;
  endedAt: number;
}

function newQueryPace(endedAt: number): QueryPace {
  return { flights: 0, usualMs: 0, recentRatio: 1, endedAt };
}

function note(pace: QueryPace, tookMs: number, failed: boolean, at: number): void {
  const sinceMs = at - pace.endedAt;
  pace.endedAt = at;
  if (!failed) pace.flights += 1;
  if (pace.flights <= LEARNT_AFTER) {
    if (!failed) pace.usualMs += (tookMs - pace.usualMs) / pace.flights;
    return;
  }
  const ratio = failed ? MOST_RATIO : tookMs / Math.max(pace.usualMs, LEAST_USUAL_MS);
  pace.recentRatio += RECENT_WEIGHT * (Math.min(ratio, MOST_RATIO) - pace.recentRatio);
  if (!failed) pace.usualMs += usualWeight(sinceMs) * (tookMs - pace.usualMs);
}

/** By time, not by flights: however many fly while the warehouse is slow, slowness does not become usual at once. */
function usualWeight(sinceMs: number): number {
  return Math.min(MOST_USUAL_WEIGHT, 1 - 0.5 ** (Math.max(0, sinceMs) / USUAL_HALF_LIFE_MS));
}
