import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { agreedOffset } from '../../../shared/fleet-clock/agreed-offset.ts';

const HOUR_MS = 3_600_000;

describe('what clocks agree on', () => {
  test('is the median of three, however wrong one of them is', () => {
    assert.equal(agreedOffset([0, 3, HOUR_MS], 0), 3);
    assert.equal(agreedOffset([0, 3, -HOUR_MS], 0), 0);
    assert.equal(agreedOffset([0, HOUR_MS, HOUR_MS + 5], 0), HOUR_MS);
  });

  test('of two is what was agreed last while it lies between them, else the nearer one', () => {
    assert.equal(agreedOffset([0, 10], 4), 4);
    assert.equal(agreedOffset([0, 10], -4), 0);
    assert.equal(agreedOffset([0, 10], 14), 10);
  });

  test('of two that contradict each other, and of one, is nothing', () => {
    assert.equal(agreedOffset([0, 2_001], 7), undefined);
    assert.equal(agreedOffset([0], 7), undefined);
    assert.equal(agreedOffset([], 7), undefined);
  });

  test('lies between any two that are right, whatever the third says', () => {
    const offset = fc.integer({ min: -2 * HOUR_MS, max: 2 * HOUR_MS });
    fc.assert(
      fc.property(offset, offset, offset, offset, (one, other, wrong, last) => {
        const agreed = agreedOffset([one, wrong, other], last);
        assert.ok(agreed !== undefined);
        assert.ok(agreed >= Math.min(one, other) && agreed <= Math.max(one, other));
      }),
    );
  });
});
