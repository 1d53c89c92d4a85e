import type { Measure } from '../measure/measure.ts';

/** Milliseconds, counted in classes each 1 % wider than the last, so that any number of them takes the same memory. */
export interface Histogram {
  add(ms: number): void;
  readonly count: number;
  /** The time that at least this share of all does not exceed, up to 1 % too long; throws when there are none. */
  percentile(share: number): number;
  /** All of them summed up; throws when there are none. */
  measure(what: string): Measure;
}

const FIRST_MS = 0.001;
const GROWTH = 1.01;

/** An empty histogram. */
export function createHistogram(): Histogram {
  /** With holes where no time has been. */
  const counts: (number | undefined)[] = [];
  let count = 0;
  let least = Number.POSITIVE_INFINITY;
  let most = 0;

  function percentile(share: number): number {
    if (count === 0) throw new RangeError('no samples to sum up');
    const rank = Math.max(1, Math.ceil(share * count));
    let covered = 0;
    const found = counts.findIndex((inClass = 0) => {
      covered += inClass;
      return covered >= rank;
    });
    return Math.min(most, Math.max(least, endOf(found)));
  }
  return {
    add(ms) {
      const index = classOf(ms);
      counts[index] = (counts[index] ?? 0) + 1;
      count++;
      least = Math.min(least, ms);
      most = Math.max(most, ms);
    },
    get count() {
      return count;
    },
    percentile,
    measure(what) {
      const at = (share: number) => rounded(percentile(share));
      const [p50, p95, p99] = [at(0.5), at(0.95), at(0.99)];
      return { what, unit: 'ms', count, least: rounded(least), p50, p95, p99, most: rounded(most) };
    },
  };
}

function classOf(ms: number): number {
  return Math.max(0, Math.ceil(Math.log(ms / FIRST_MS) / Math.log(GROWTH)));
}

/** The longest time of a class. */
function endOf(index: number): number {
  return FIRST_MS * GROWTH ** index;
}

function rounded(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}
