import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { getHeapStatistics } from 'node:v8';
import { createTidying, keepTidy } from '../../shared/tidy-heap.ts';
import { until } from '../until.ts';

/** Looks as often as the shares say, and returns after which looks there was a collection. */
function collectionsIn(...busyShares: readonly number[]): number[] {
  const at: number[] = [];
  let turn = 0;
  const look = createTidying({
    busyShare: () => busyShares[turn] ?? 0,
    collect: () => at.push(turn),
  });
  for (; turn < busyShares.length; turn++) look();
  return at;
}

describe('a heap', () => {
  test('is tidied after work, some collections long', () =>
    assert.deepEqual(collectionsIn(0, 0.5, 0, 0, 0, 0, 0, 0), [2, 3, 4, 5]));

  test('is left alone by a thread that has nothing to do, or little', () =>
    assert.deepEqual(collectionsIn(0, 0.05, 0.09, 0, 0), []));

  test('is not tidied while there is work', () =>
    assert.deepEqual(collectionsIn(0.5, 0.9, 0.1, 0.4), []));

  test('is tidied anew when work has come between', () =>
    assert.deepEqual(collectionsIn(0.5, 0, 0.5, 0, 0, 0, 0, 0), [1, 3, 4, 5, 6]));

  test('of this thread gives back what is used no more', async () => {
    const end = keepTidy(100);
    let held: unknown[] = Array.from({ length: 2_000_000 }, (_, n) => ({ n }));
    const large = getHeapStatistics().total_heap_size;
    const busyUntilMs = performance.now() + 1_000;
    while (performance.now() < busyUntilMs);
    assert.equal(held.length, 2_000_000);
    held = [];
    await until(() => getHeapStatistics().total_heap_size < large - 50 * 1_024 * 1_024, {
      withinMs: 60_000,
      what: 'it is smaller',
    });
    end();
  });
});
