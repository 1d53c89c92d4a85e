import { freshness, isGoodEnough, type StaleBound, staleFor } from '../../shared/entry/entry.ts';
import type { Preferences } from '../http/request-preferences.ts';
import { type Answer, given, type Rows } from './answer.ts';
import type { Holdings, Part } from './part.ts';
import type { Shortfall } from './shortfall.ts';

/**
 * The best that can be given of what is held: the entry up to the stale bound in force, else the first fallback that has
 * rows, else the entry up to its hard cap, else an empty fallback, else nothing.
 */
export function bestHeld(
  part: Part,
  holdings: Holdings,
  shortfall: Shortfall,
  preferences: Preferences,
  now: number,
  bound: StaleBound = 'closed',
): Answer {
  const { policy } = part.query;
  const { reason } = shortfall;
  const { entry, isPrevious, others } = holdings;
  const mayServe =
    entry &&
    staleMs(part, holdings, now) <= preferences.maxStaleMs &&
    freshness(entry, policy, now) !== 'expired';
  const label = { source: 'stale', reason, ...(isPrevious ? { isPrevious } : {}) } as const;
  const stale = mayServe ? { ...label, ...given(entry) } : undefined;
  if (stale && isGoodEnough(stale.asOf, policy, bound, now)) return stale;

  const fallbacks = preferences.maxStaleMs === 0 ? [] : heldFallbacks(part, others, now);
  const fallback =
    fallbacks.find(({ rowCount }) => rowCount > 0) ?? (stale ? undefined : fallbacks[0]);
  if (fallback) return { source: 'fallback', reason, ...fallback.given };
  return stale ?? { source: 'none', ...shortfall };
}

/** For how long the entry that is held has not been fresh; one of the previous version has never been. */
export function staleMs({ query }: Part, { entry, isPrevious }: Holdings, now: number): number {
  if (!entry) return 0;
  return isPrevious ? Math.max(1, now - entry.asOf) : staleFor(entry, query.policy, now);
}

interface HeldFallback {
  readonly rowCount: number;
  readonly given: Rows;
}

/** The part's fallbacks that there are, in their order: constant rows, and others' entries up to their hard caps. */
function heldFallbacks(part: Part, others: Holdings['others'], now: number): HeldFallback[] {
  return part.fallbacks.flatMap((fallback): HeldFallback[] => {
    if (fallback.kind === 'rows')
      return [{ rowCount: fallback.rowCount, given: { rows: fallback.rows } }];
    const entry = others.get(fallback.fingerprint);
    if (!entry || freshness(entry, fallback.query.policy, now) === 'expired') return [];
    return [{ rowCount: entry.rowCount, given: given(entry) }];
  });
}
