/** What a number counts. */
export type Unit = 'ms' | 'requests/s' | 'ratio';

/** Many samples of one thing, summed up; `least` and `most` are the extremes. */
export interface Measure {
  readonly what: string;
  readonly unit: Unit;
  readonly count: number;
  readonly least: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly most: number;
}

/** Sums up samples; throws when there are none. */
export function measureOf(what: string, unit: Unit, samples: readonly number[]): Measure {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (share: number) => rounded(percentile(sorted, share));
  return {
    what,
    unit,
    count: samples.length,
    least: at(0),
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    most: at(1),
  };
}

/** The smallest sample that at least this share of all samples does not exceed (nearest rank); `sorted` ascends. */
export function percentile(sorted: readonly number[], share: number): number {
  const found = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (found === undefined) throw new RangeError('no samples to sum up');
  return found;
}

/** The middle sample (nearest rank). */
export function median(samples: readonly number[]): number {
  return percentile(
    samples.toSorted((a, b) => a - b),
    0.5,
  );
}

/** Microseconds are as fine as any of our clocks is worth. */
function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
