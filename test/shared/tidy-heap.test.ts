import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { getHeapStatistics } from 'node:v8';
import { createTidying, keepTidy } from '../../shared/tidy-heap.ts';
import { until } from '../until.ts';

const MB = 1_024 * 1_024;

/** What a thread shows at one look: how busy it was, and how much its heap takes, 400 MB unless it is said. */
type Shown = number | readonly [busyShare: number, takenMb: number];

/** Looks as often as something is shown, and returns at which looks there was a collection. */
function collectionsIn(...shown: readonly Shown[]): number[] {
  const at: number[] = [];
  let turn = 0;
  const now = () => {
    const one = shown[turn] ?? 0;
    return typeof one === 'number' ? ([one, 400] as const) : one;
  };
  const look = createTidying({
    busyShare: () => now()[0],
    takenBytes: () => now()[1] * MB,
    collect: () => at.push(turn),
  });
  for (; turn < shown.length; turn++) look();
  return at;
}

describe('a heap', () => {
  test('is tidied after work, some collections long', () =>
    assert.deepEqual(collectionsIn(0, 0.5, 0, 0, 0, 0, 0, 0), [2, 3, 4, 5]));

  test('is left alone by a thread that has nothing to do, or little', () =>
    assert.deepEqual(collectionsIn(0, 0.05, 0.09, 0, 0), []));

  test('is not tidied while there is work', () =>
    assert.deepEqual(collectionsIn(0.5, 0.9, 0.1, 0.4), []));

  test('is tidied anew when work has come between and has made it grow', () =>
    assert.deepEqual(
      collectionsIn(0.5, 0, 0.5, [0, 480], [0, 470], [0, 460], [0, 450], [0, 450]),
      [1, 3, 4, 5, 6],
    ));

  test('is left alone after work that has not made it grow', () =>
    assert.deepEqual(collectionsIn([0.5, 120], [0, 120], [0.9, 120], [0, 120]), []));

  test('may take a little more than after its last tidying', () => {
    const tidied = [0.5, [0, 300], [0, 200], [0, 150], [0, 150]] as const;
    assert.deepEqual(collectionsIn(...tidied, [0.5, 210], [0, 210]), [1, 2, 3, 4]);
    assert.deepEqual(collectionsIn(...tidied, [0.5, 220], [0, 220]), [1, 2, 3, 4, 6]);
  });

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
