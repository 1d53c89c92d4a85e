import { finding, type Finding, type Invariant } from '../finding.ts';

/** A finding with its place in the history. */
export interface Violation extends Finding {
  /** Milliseconds since the epoch, as the lines of the history. */
  readonly at: number;
}

/** A violation from its parts. */
export function violation(at: number, invariant: Invariant, what: string): Violation {
  return { at, ...finding(invariant, what) };
}
