import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createStrainGauge } from '../../../gateway/admission/strain.ts';

describe('the strain of a process', () => {
  test('shows at once, in the turn that takes too long, and is over when the timer is in time again', async () => {
    let aheadMs = 0;
    const gauge = createStrainGauge(() => performance.now() + aheadMs);
    gauge.start();
    aheadMs = 700;
    assert.ok(gauge.strain.lateMs >= 600);
    // The timer fires late by that clock, and the next one is in time.
    while (gauge.strain.lateMs >= 600) await sleep(20);
    gauge.stop();
  });

  test('tells which part of the heap is used', () => {
    const { heapShare } = createStrainGauge().strain;
    assert.ok(heapShare > 0 && heapShare < 1);
  });
});
