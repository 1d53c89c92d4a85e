import type { TableLook } from '../thread/look-at-table.ts';
import type { Obstacle } from './watch-plan.ts';
import type { SeenTable } from './watch-record.ts';

/** What a look at a table says of the entries that were made of it. */
export interface TableVerdict {
  /** It has changed since the last look, or nobody has looked before. */
  readonly hasChanged: boolean;
  readonly obstacle: Obstacle | undefined;
  /** What the next look is compared with; without it the last one stands. */
  readonly seen: SeenTable | undefined;
}

/**
 * Compares a look that was over `at` with the last one. A change is dated by when it was noticed, not by when the warehouse says
 * that it was made: entries are dated by the fleet's clock, which is not the warehouse's, and what is streamed moves a table
 * late. So every entry that may have been read before the change is older than its date.
 */
export function judgeTable(
  before: SeenTable | undefined,
  look: TableLook,
  at: number,
): TableVerdict {
  if (look.kind !== 'table') return { hasChanged: false, obstacle: look.kind, seen: undefined };
  const { modified, streaming } = look;
  // The rows of a buffer that is empty now may have arrived after the last look, and without another sign.
  const hasDrained = before?.streaming === true && !streaming;
  const hasChanged = before?.modified !== modified || hasDrained;
  const changedAt = hasChanged ? at : before.changedAt;
  return {
    hasChanged,
    obstacle: streaming ? 'streaming' : undefined,
    seen: { modified, streaming, changedAt, seenAt: at },
  };
}
