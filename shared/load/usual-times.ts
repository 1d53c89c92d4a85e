/** How long each query's flights have lately taken in this process's view: cheap to ask, bounded in memory. */
export interface UsualTimes {
  /** Notes a flight that has ended and how long it ran, waiting in queues not included. */
  note(query: string, tookMs: number): void;
  /** Milliseconds within which nine in ten recent flights ended; undefined before the first few. */
  usualMs(query: string): number | undefined;
  /** The mean of recent flights in milliseconds: what one of them costs those who wait behind it; undefined before the first few. */
  meanMs(query: string): number | undefined;
}

/** So many flights are remembered of each query: a new pace shows after three slower ones, or eighteen faster ones. */
const REMEMBERED = 20;
const FIRST_FEW = 3;
const MOST_QUERIES = 1_000;

/** Usual times that know nothing yet. */
export function createUsualTimes(): UsualTimes {
  const recents = new Map<string, Recent>();
  return {
    note(query, tookMs) {
      if (!Number.isFinite(tookMs) || tookMs < 0) return;
      const recent = recents.get(query) ?? { tookMs: [], next: 0, usualMs: 0, meanMs: 0 };
      remember(recent, tookMs);
      // Set anew, so that the query that is forgotten first is the one that has not flown for longest.
      recents.delete(query);
      recents.set(query, recent);
      const [oldest] = recents.keys();
      if (recents.size > MOST_QUERIES && oldest !== undefined) recents.delete(oldest);
    },
    usualMs: (query) => known(recents.get(query))?.usualMs,
    meanMs: (query) => known(recents.get(query))?.meanMs,
  };
}

interface Recent {
  readonly tookMs: number[];
  next: number;
  usualMs: number;
  meanMs: number;
}

/** Works out the figures here, where flights end, so that asking for them on the way of a request costs a look-up. */
function remember(recent: Recent, tookMs: number): void {
  recent.tookMs[recent.next] = tookMs;
  recent.next = (recent.next + 1) % REMEMBERED;
  const sorted = recent.tookMs.toSorted((a, b) => a - b);
  recent.usualMs = sorted[Math.ceil(sorted.length * 0.9) - 1] ?? tookMs;
  recent.meanMs = sorted.reduce((sum, one) => sum + one, 0) / sorted.length;
}

function known(recent: Recent | undefined): Recent | undefined {
  return recent && recent.tookMs.length >= FIRST_FEW ? recent : undefined;
}
