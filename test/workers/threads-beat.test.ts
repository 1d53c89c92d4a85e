import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createLook } from '../../workers/pool/watch-beat.ts';

/** Looks at the counts, one a second unless told otherwise; says at which look the thread was found silent. */
function silentAt(counts: readonly number[], gapMs = 1_000): number | undefined {
  let found: number | undefined;
  let index = 0;
  const look = createLook(() => {
    found ??= index;
  });
  for (const count of counts) {
    look(count, 100_000 + index * gapMs);
    index += 1;
  }
  return found;
}

describe('the beat of a thread', () => {
  test('that stands still for five seconds is told', () => {
    assert.equal(silentAt([3, 7, 7, 7, 7, 7, 7, 7]), 6);
  });

  test('that goes on, however slowly, is not', () => {
    assert.equal(silentAt([1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3]), undefined);
  });

  test('that has not begun belongs to a thread that loads', () => {
    assert.equal(silentAt(Array.from({ length: 60 }, () => 0)), undefined);
  });

  test('is not missed by a process that stood still itself: each look counts for a second at most', () => {
    assert.equal(silentAt([4, 4, 4, 4], 60_000), undefined);
    assert.equal(silentAt([4, 4, 4, 4, 4, 4], 60_000), 5);
  });
});
