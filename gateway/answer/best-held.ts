import { freshness } from '../../shared/entry/entry.ts';
import type { Code } from '../../shared/error-codes.ts';
import type { Preferences } from '../http/request-preferences.ts';
import type { Answer, Reason } from './answer.ts';
import type { Holdings, Part } from './part.ts';

/** Why no newer rows can be had, for the label and, when nothing at all can be given, for the error. */
export interface Shortfall {
  readonly reason: Reason;
  readonly code: Code;
  readonly detail: string;
}

/** The best that can be given of what is held: the entry up to its hard bound, else the first fallback that has rows, else nothing. */
export function bestHeld(
  part: Part,
  { entry, others }: Holdings,
  shortfall: Shortfall,
  preferences: Preferences,
  now: number,
): Answer {
  const none = { source: 'none', ...shortfall } as const;
  const { policy } = part.query;
  if (entry && freshness(entry.asOf, policy, now) !== 'expired') {
    const staleMs = Math.max(0, now - entry.asOf - policy.freshForMs);
    if (staleMs <= preferences.maxStaleMs)
      return {
        source: 'stale',
        reason: shortfall.reason,
        rows: entry.rows,
        asOf: entry.asOf,
        fingerprint: entry.fingerprint,
      };
  }
  if (preferences.maxStaleMs === 0) return none;
  for (const fallback of part.fallbacks) {
    if (fallback.kind === 'rows')
      return { source: 'fallback', reason: shortfall.reason, rows: fallback.rows };
    const other = others.get(fallback.fingerprint);
    if (other && freshness(other.asOf, fallback.query.policy, now) !== 'expired')
      return {
        source: 'fallback',
        reason: shortfall.reason,
        rows: other.rows,
        asOf: other.asOf,
        fingerprint: other.fingerprint,
      };
  }
  return none;
}
