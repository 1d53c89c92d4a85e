import type { Durations } from '../shared/metrics/durations.ts';
import type { Tally } from '../shared/metrics/tally.ts';

/** Counts the requests that are answered fresh and at once with the same parts, as `requestEnded` counts all. */
export interface HitCounter {
  count(status: number, tookMs: number): void;
}

/** The hit counters of one process: what they have counted reaches the metrics when these are looked at. */
export interface HitCounters {
  /** The one for answers of these queries on a route, which whoever gives them often holds on to. */
  of(route: string, queries: readonly string[]): HitCounter;
  /** Brings the metrics up to date. */
  settle(): void;
}

/** The series that hits are counted in. */
export interface HitMetrics {
  readonly requests: Tally<'route' | 'status'>;
  readonly seconds: Durations;
  readonly answers: Tally<'query' | 'source' | 'reason'>;
}

/** What is shorter falls into the first bucket of durations: of these only their number and sum are kept. */
export const SHORTEST_BUCKET_MS = 1;

/**
 * Counters over these metrics. To add to two counters and a histogram touches places all over the memory that the system's
 * write before has driven out of the caches, and was 2 % of a hit; so hits are counted in one object.
 */
export function createHitCounters(metrics: HitMetrics): HitCounters {
  const counters = new Map<string, HitCounter & { settle(): void }>();
  return {
    of(route, queries) {
      const key = [route, ...queries].join('\0');
      const known = counters.get(key) ?? createHitCounter(metrics, route, queries);
      counters.set(key, known);
      return known;
    },
    settle() {
      for (const counter of counters.values()) counter.settle();
    },
  };
}

function createHitCounter(metrics: HitMetrics, route: string, queries: readonly string[]) {
  const seconds = metrics.seconds.of(route);
  const answers = queries.map((query) =>
    metrics.answers.of({ query, source: 'fresh', reason: '' }),
  );
  const note = (status: number, times: number) => {
    metrics.requests.of({ route, status: String(status) }).add(times);
    for (const answer of answers) answer.add(times);
  };
  const short = { whole: 0, unchanged: 0, ms: 0 };
  return {
    count(status: number, tookMs: number) {
      if (tookMs < SHORTEST_BUCKET_MS && (status === 200 || status === 304)) {
        if (status === 200) short.whole++;
        else short.unchanged++;
        short.ms += tookMs;
        return;
      }
      note(status, 1);
      seconds.observe(tookMs);
    },
    settle() {
      const { whole, unchanged, ms } = short;
      Object.assign(short, { whole: 0, unchanged: 0, ms: 0 });
      const times = whole + unchanged;
      if (times === 0) return;
      if (whole > 0) note(200, whole);
      if (unchanged > 0) note(304, unchanged);
      seconds.observe(ms / times, times);
    },
  };
}
