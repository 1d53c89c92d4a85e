import type { Figure } from '../scenario.ts';

/** How many warehouse jobs something took, of at most so many. */
export function jobsFigure(what: string, promised: number, measured: number): Figure {
  return { what, unit: 'jobs', bound: 'at most', promised, measured };
}

/** How many requests were left without an answer, of none. */
export function failuresFigure(measured: number): Figure {
  const what = 'requests without an answer';
  return { what, unit: 'failures', bound: 'at most', promised: 0, measured };
}
