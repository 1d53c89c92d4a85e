import type { Tally } from '../../open-loop/tally.ts';
import type { Figure } from '../../scenario.ts';

/** Every question is answered. */
export function noFailures({ failures }: Tally): Figure {
  return {
    what: 'questions without an answer',
    unit: 'failures',
    bound: 'at most',
    promised: 0,
    measured: failures,
  };
}

/** At least this part of the answers is fresh from the store. */
export function hitRateOf({ hitRate }: Tally, promised: number): Figure {
  return { what: 'hit rate', unit: 'ratio', bound: 'at least', promised, measured: hitRate };
}

/** This share of all errands takes no longer, from the instant at which they were due; 0.95 is the p95. */
export function timeOf({ times }: Tally, share: number, promisedMs: number): Figure {
  return {
    what: `everything asked for, p${Math.round(100 * share)}`,
    unit: 'ms',
    bound: 'at most',
    promised: promisedMs,
    measured: times.percentile(share),
  };
}
