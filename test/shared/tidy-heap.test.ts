import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { getHeapStatistics } from 'node:v8';
import { createTidying, keepTidy } from '../../shared/tidy-heap.ts';
import { until } from '../until.ts';

const MIB = 1_024 * 1_024;

/** A heap of which the test says how large it is, and what a collection makes of it. */
function madeUp({ leaves = 40 * MIB } = {}) {
  const heap = { bytes: 40 * MIB, busy: 0, collections: 0 };
  const look = createTidying({
    takenBytes: () => heap.bytes,
    busyShare: () => heap.busy,
    collect() {
      heap.collections++;
      heap.bytes = Math.min(heap.bytes, leaves);
    },
  });
  return { heap, look };
}

describe('a heap', () => {
  test('that a crowd has made large is tidied once the thread is quiet', () => {
    const { heap, look } = madeUp();
    heap.bytes = 200 * MIB;
    heap.busy = 0.5;
    look();
    assert.equal(heap.collections, 0);
    heap.busy = 0.1;
    for (let turn = 0; turn < 20; turn++) look();
    assert.equal(heap.bytes, 40 * MIB);
    assert.equal(heap.collections, 3, 'until two in a row were in vain');
  });

  test('that has hardly grown is left alone', () => {
    const { heap, look } = madeUp();
    heap.bytes = 43 * MIB;
    look();
    heap.bytes = 49 * MIB;
    look();
    assert.equal(heap.collections, 0);
  });

  test('that is as large as what it holds is not tidied again and again', () => {
    const { heap, look } = madeUp({ leaves: 150 * MIB });
    heap.bytes = 200 * MIB;
    for (let turn = 0; turn < 20; turn++) look();
    assert.equal(heap.collections, 3);
    heap.bytes = 260 * MIB;
    for (let turn = 0; turn < 20; turn++) look();
    assert.equal(heap.collections, 6);
  });

  test('of this thread gives back what is used no more', async () => {
    const end = keepTidy();
    let held: unknown[] = Array.from({ length: 2_000_000 }, (_, n) => ({ n }));
    const large = getHeapStatistics().total_heap_size;
    assert.equal(held.length, 2_000_000);
    held = [];
    await until(() => getHeapStatistics().total_heap_size < large - 50 * MIB, {
      withinMs: 60_000,
      what: 'it is smaller',
    });
    end();
  });
});
