import type { Policy } from '../catalog/policy.ts';

/** A stored result: rows as JSON, and what is known of them. Its bounds are its query's policy, applied to `asOf`. */
export interface Entry {
  readonly fingerprint: string;
  readonly query: string;
  readonly version: string;
  /** When the warehouse began to read: milliseconds since the epoch. */
  readonly asOf: number;
  readonly rowCount: number;
  /** UTF-8 JSON: an array of rows. */
  readonly rows: Buffer;
  /** The rows as the zstd frame that they are stored as, where it was read. */
  readonly zstd?: Buffer | undefined;
}

/** An `asOf` further ahead of the time than this is wrong, and makes no entry newer than others: clocks agree far better. */
export const MOST_AHEAD_MS = 60_000;

/** How an entry stands against its bounds at an instant. */
export type Freshness = 'fresh' | 'revalidate' | 'stale' | 'expired';

/** Applies a policy's bounds to the age of an entry; an age below zero (another clock) counts as zero. */
export function freshness(asOf: number, policy: Policy, now: number): Freshness {
  const ageMs = Math.max(0, now - asOf);
  if (ageMs < policy.freshForMs) return 'fresh';
  if (ageMs < policy.freshForMs + policy.revalidateForMs) return 'revalidate';
  return ageMs < policy.staleForMs ? 'stale' : 'expired';
}

/** Which of a policy's stale bounds is in force: that of a closed or an open breaker, or the hard cap alone. */
export type StaleBound = 'closed' | 'open' | 'cap';

/** Whether an entry is young enough to come before a fallback and, while the breaker is closed, to cut a wait short. */
export function isGoodEnough(
  asOf: number,
  policy: Policy,
  bound: StaleBound,
  now: number,
): boolean {
  return Math.max(0, now - asOf) < boundMs(policy, bound);
}

function boundMs(policy: Policy, bound: StaleBound): number {
  switch (bound) {
    case 'closed':
      return policy.staleForClosedMs;
    case 'open':
      return policy.staleForOpenMs;
    case 'cap':
      return policy.staleForMs;
    default:
      return bound satisfies never;
  }
}
