const LEAST_MS = 2_000;
/** Whoever waits as long as the query may take sees it in the air for a little less: it was added, taken and found first. */
const MOST_OF_TIMEOUT = 0.9;

/**
 * How long a flight may be in the air, as its waiters see it, before one without a result says that the query fails: twice
 * what nine in ten of its flights need (`usualMs`, if that is known), and never more than most of its timeout.
 */
export function patienceMs(timeoutMs: number, usualMs: number | undefined): number {
  const usualTwice = usualMs === undefined ? timeoutMs : 2 * usualMs;
  return Math.min(timeoutMs * MOST_OF_TIMEOUT, Math.max(LEAST_MS, usualTwice));
}
