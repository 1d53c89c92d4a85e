import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createBackOff } from '../../../gateway/serving/back-off.ts';

describe('the wait before a process is started again', () => {
  test('doubles from half a second to ten while processes die of their start', () => {
    const backOff = createBackOff();
    const waits = [0, 100, 9_999, 0, 0, 0, 0].map(backOff);
    assert.deepEqual(waits, [500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
  });

  test('is short again once a process has lasted', () => {
    const backOff = createBackOff();
    for (let death = 1; death <= 6; death++) backOff(0);
    assert.equal(backOff(10_000), 500);
    assert.equal(backOff(0), 1_000);
  });
});
