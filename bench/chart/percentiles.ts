import type { KeptMeasure } from '../kept-result.ts';

/** The percentiles of one thing's times, in milliseconds: those that are known. */
export interface Percentiles {
  readonly what: string;
  readonly p50?: number;
  readonly p95?: number;
  readonly p99?: number;
}

/**
 * The times of a scenario. A measure of times has all its percentiles itself; where a load generator has summed up, there is
 * a measure for each, `Punctual, p99 of 32 at once`, of which the median of the rounds counts: those of one thing are one.
 */
export function percentilesOf(measures: readonly KeptMeasure[]): Percentiles[] {
  const times = measures.filter(({ unit }) => unit === 'ms').map(timesOf);
  const byWhat = Map.groupBy(times, ({ what }) => what);
  return [...byWhat.values()].map((parts) => Object.assign({}, ...parts) as Percentiles);
}

/** Before or behind the contestant's name. */
const SUMMED_UP = /^(?<before>|.*, )(?<percentile>p50|p95|p99) of (?<after>.+)$/;

function timesOf({ what, p50, p95, p99 }: KeptMeasure): Percentiles {
  const groups: Readonly<Record<string, string>> = SUMMED_UP.exec(what)?.groups ?? {};
  const { before = '', percentile, after = '' } = groups;
  const thing = `${before}${after}`;
  switch (percentile) {
    case 'p50':
      return { what: thing, p50 };
    case 'p95':
      return { what: thing, p95: p50 };
    case 'p99':
      return { what: thing, p99: p50 };
    default:
      return { what, p50, p95, p99 };
  }
}
