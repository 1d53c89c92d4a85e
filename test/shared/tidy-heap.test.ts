import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createTidying, keepTidy } from '../../shared/tidy-heap.ts';
import { until } from '../until.ts';

const MB = 1_024 * 1_024;

/** What a thread shows at one look: how busy it was, and how much its process takes. */
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
  test('that work has made grow is tidied once, after half a minute', () =>
    assert.deepEqual(collectionsIn([0.5, 200], ...quiet(90, 200)), [30]));

  test('is left alone by a thread that has nothing to do, or little', () => {
    const little = [0.09, 300] as const;
    assert.deepEqual(collectionsIn(...quiet(60, 200), little, ...quiet(60, 300)), []);
  });

  test('is left alone while there is work, however little time lies between', () => {
    const work = Array.from({ length: 5 }, () => [[0.1, 200] as const, ...quiet(29, 200)]);
    assert.deepEqual(collectionsIn(...work.flat()), []);
  });

  test('is left alone after work that has hardly made it grow, and as long as it is quiet', () =>
    assert.deepEqual(collectionsIn([0.5, 112], ...quiet(30, 112), ...quiet(60, 300)), []));

  test('may take a little more than after its last tidying', () => {
    const tidied = [[0.5, 200] as const, ...quiet(29, 200), ...quiet(1, 150)];
    assert.deepEqual(collectionsIn(...tidied, [0.5, 162], ...quiet(60, 162)), [30]);
    assert.deepEqual(collectionsIn(...tidied, [0.5, 163], ...quiet(60, 163)), [30, 61]);
  });

  test('is compared with the least that the process took, which other threads may bring about later', () => {
    const tidied = [[0.5, 300] as const, ...quiet(30, 300), ...quiet(1, 150)];
    assert.deepEqual(collectionsIn(...tidied, [0.5, 163], ...quiet(60, 163)), [30, 62]);
  });

  test('of this thread gives back what is used no more', async () => {
    const end = keepTidy(100);
    const rss = () => process.memoryUsage.rss();
    const row = (_: unknown, n: number) => ({ n, text: `number ${n}` });
    let held: unknown[] = Array.from({ length: 1_000_000 }, row);
    const busyUntilMs = performance.now() + 1_000;
    while (performance.now() < busyUntilMs);
    assert.equal(held.length, 1_000_000);
    const large = rss();
    held = [];
    await until(() => rss() < large - 50 * MB, { withinMs: 60_000, what: 'it is smaller' });
    end();
  });
});
