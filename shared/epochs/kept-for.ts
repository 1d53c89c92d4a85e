/** A snapshot lives for a quarter of this, however short the time is for which its query's entries may be served. */
const LEAST_MS = 3_600_000;

/**
 * For how long epochs matter to queries with these policies, in milliseconds: until nothing that was read before may be served
 * any more. For ever where no policy is known.
 */
export function keptForMs(policies: readonly { readonly staleForMs: number }[]): number {
  if (policies.length === 0) return Number.POSITIVE_INFINITY;
  return policies.reduce((ms, { staleForMs }) => Math.max(ms, staleForMs), LEAST_MS);
}
