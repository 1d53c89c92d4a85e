import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { getHeapStatistics } from 'node:v8';
import { createTidying, keepTidy } from '../../shared/tidy-heap.ts';
import { until } from '../until.ts';

const MB = 1_024 * 1_024;

/** What a thread shows at one look: how busy it was, and how much its heap takes. */
type Shown = readonly [busyShare: number, takenMb: number];

const FIRST_MB = 100;

/** Looks as often as something is shown, and returns at which looks there was a collection. */
function collectionsIn(...shown: readonly Shown[]): number[] {
  const at: number[] = [];
  let turn = -1;
  const look = createTidying({
    busyShare: () => shown[turn]?.[0] ?? 0,
    takenBytes: () => (shown[turn]?.[1] ?? FIRST_MB) * MB,
    collect: () => at.push(turn),
  });
  for (turn = 0; turn < shown.length; turn++) look();
  return at;
}

const quiet = (looks: number, takenMb: number): Shown[] =>
  Array.from({ length: looks }, () => [0, takenMb]);

describe('a heap', () => {
  test('that work has made grow is tidied after half a minute, some collections long', () =>
    assert.deepEqual(collectionsIn([0.5, 200], ...quiet(15, 200)), [10, 11, 12, 13]));

  test('is left alone by a thread that has nothing to do, or little', () =>
    assert.deepEqual(collectionsIn(...quiet(20, 200), [0.05, 300], [0.09, 300]), []));

  test('is not tidied while there is work, however little time lies between', () => {
    const work = Array.from({ length: 5 }, () => [[0.1, 200] as const, ...quiet(9, 200)]);
    assert.deepEqual(collectionsIn(...work.flat()), []);
  });

  test('is tidied to the end when work has come between', () => {
    const tidied = [[0.5, 200] as const, ...quiet(11, 200)];
    assert.deepEqual(
      collectionsIn(...tidied, [0.5, 300], ...quiet(15, 300)),
      [10, 11, 22, 23, 24, 25],
    );
  });

  test('is left alone after work that has hardly made it grow, and as long as it is quiet', () =>
    assert.deepEqual(collectionsIn([0.5, 108], ...quiet(10, 108), ...quiet(20, 300)), []));

  test('may take a little more than after its last tidying', () => {
    const tidied = [[0.5, 200] as const, ...quiet(13, 150)];
    const four = [10, 11, 12, 13];
    assert.deepEqual(collectionsIn(...tidied, [0.5, 158], ...quiet(11, 158)), four);
    assert.deepEqual(collectionsIn(...tidied, [0.5, 159], ...quiet(10, 159)), [...four, 24]);
  });

  test('of this thread gives back what is used no more', async () => {
    const end = keepTidy(20);
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
