import type { Policy } from '../catalog/policy.ts';

/** A stored result: rows as JSON, and what is known of them. Its bounds are its query's policy, applied to `asOf`. */
export interface Entry {
  readonly fingerprint: string;
  readonly query: string;
  readonly version: string;
  /** When the warehouse began to read: milliseconds since the epoch. */
  readonly asOf: number;
  readonly rowCount: number;
  /** It was made before anybody asked. */
  readonly warmed?: boolean | undefined;
  /** UTF-8 JSON: an array of rows. */
  readonly rows: Buffer;
  /** The rows as the zstd frame that they are stored as, where it was read. */
  readonly zstd?: Buffer | undefined;
  /** As it was read: somebody has said that what was read up to this instant (ms since the epoch) is not fresh any more. Not stored. */
  readonly outdatedAt?: number | undefined;
  /** As it was read: at this instant (ms since the epoch) the tables of its query were seen unchanged. Not stored. */
  readonly unchangedAt?: number | undefined;
}

/** What of an entry decides how it stands. */
export type Dated = Pick<Entry, 'asOf' | 'outdatedAt' | 'unchangedAt'>;

/** An `asOf` further ahead of the time than this is wrong, and makes no entry newer than others: clocks agree far better. */
export const MOST_AHEAD_MS = 60_000;

/** How an entry stands against its bounds at an instant. */
export type Freshness = 'fresh' | 'revalidate' | 'stale' | 'expired';

/** For so long after its tables were seen unchanged an entry stays fresh: three looks of who watches them, at the longest period that can be set. */
export const UNCHANGED_FOR_MS = 90_000;

/**
 * Applies a policy's bounds to the age of an entry; an age below zero (another clock) counts as zero. What is outdated is
 * never fresh: for as long as it would be, it stands as what is given at once and refreshed behind.
 */
export function freshness(entry: Dated, policy: Policy, now: number): Freshness {
  const ageMs = Math.max(0, now - entry.asOf);
  const freshForMs = freshForOf(entry, policy);
  if (ageMs < freshForMs) return entry.outdatedAt === undefined ? 'fresh' : 'revalidate';
  if (ageMs < freshForMs + policy.revalidateForMs) return 'revalidate';
  return ageMs < policy.staleForMs ? 'stale' : 'expired';
}

/** The instant at which an entry stops, or has stopped, being fresh: milliseconds since the epoch. */
export function freshUntil(entry: Dated, policy: Policy): number {
  const boundAt = entry.asOf + freshForOf(entry, policy);
  return Math.min(boundAt, entry.outdatedAt ?? boundAt);
}

/** For how long an entry has not been fresh, in milliseconds; 0 while it is. */
export function staleFor(entry: Dated, policy: Policy, now: number): number {
  const leastMs = entry.outdatedAt === undefined ? 0 : 1;
  return Math.max(leastMs, now - freshUntil(entry, policy));
}

/** By its age, or for longer while its tables are seen unchanged; nothing that was seen after it was outdated speaks for it. */
function freshForOf({ asOf, outdatedAt, unchangedAt }: Dated, policy: Policy): number {
  if (unchangedAt === undefined) return policy.freshForMs;
  const seenAt = Math.min(unchangedAt, outdatedAt ?? unchangedAt);
  const seenForMs = seenAt + UNCHANGED_FOR_MS - asOf;
  return Math.min(policy.freshAtMostMs, Math.max(policy.freshForMs, seenForMs));
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
