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
}

/** How an entry stands against its bounds at an instant. */
export type Freshness = 'fresh' | 'revalidate' | 'stale' | 'expired';

/** Applies a policy's bounds to the age of an entry; an age below zero (another clock) counts as zero. */
export function freshness(asOf: number, policy: Policy, now: number): Freshness {
  const ageMs = Math.max(0, now - asOf);
  if (ageMs < policy.freshForMs) return 'fresh';
  if (ageMs < policy.freshForMs + policy.revalidateForMs) return 'revalidate';
  return ageMs < policy.staleForMs ? 'stale' : 'expired';
}
