import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Exchange } from './judges/client/exchange.ts';
import { judgeControl } from './judge-control.ts';

const measure = { baselineMs: 5, mayDegrade: false, isStrict: true };

describe('the judge of the control group', () => {
  const found = (control: readonly Exchange[], more: Partial<typeof measure> = {}) =>
    judgeControl(control, { ...measure, ...more }).findings.map(({ what }) => what);

  test('finds nothing in fast fresh answers', () => {
    assert.deepEqual(found([hit(3), hit(40)]), []);
  });

  test('finds an answer that is not fresh, and a group that was never asked', () => {
    assert.match(found([hit(3), hit(3, 'stale')])[0] ?? '', /1 of 2 control answers: stale/);
    assert.match(found([])[0] ?? '', /never asked/);
  });

  test('finds slow hits, on a machine where time counts, beyond twice the baseline', () => {
    assert.match(found([hit(3), hit(80)])[0] ?? '', /control p99 80 ms, 50 ms at most/);
    assert.deepEqual(found([hit(3), hit(80)], { baselineMs: 45 }), []);
    assert.deepEqual(found([hit(3), hit(80)], { isStrict: false }), []);
  });

  test('leaves a group alone that the fault is meant for', () => {
    assert.deepEqual(found([hit(900, 'store-down')], { mayDegrade: true }), []);
  });
});

function hit(lastByteMs: number, outcome = 'fresh'): Exchange {
  return { plan: 'control', path: '/', key: 'k', sentMs: 0, sentAt: 0, lastByteMs, outcome };
}
