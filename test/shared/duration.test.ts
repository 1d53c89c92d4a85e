import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { parseDuration } from '../../shared/duration.ts';

describe('a duration', () => {
  test('is read in every unit', () => {
    assert.equal(parseDuration('250ms'), 250);
    assert.equal(parseDuration('15s'), 15_000);
    assert.equal(parseDuration('5m'), 300_000);
    assert.equal(parseDuration('24h'), 86_400_000);
    assert.equal(parseDuration('7d'), 604_800_000);
    assert.equal(parseDuration(' 1.5s '), 1_500);
    assert.equal(parseDuration('0s'), 0);
  });

  test('without a unit, with a sign, a space inside or another unit is none', () => {
    for (const text of [
      '15',
      's',
      '',
      '-1s',
      '+1s',
      '1 s',
      '1S',
      '1w',
      '1e3s',
      '1.s',
      '.5s',
      '1s1s',
    ])
      assert.equal(parseDuration(text), undefined, text);
  });

  test('that is longer than can be counted is none', () => {
    for (const digits of [17, 400])
      assert.equal(parseDuration(`${'9'.repeat(digits)}s`), undefined);
  });

  test('of any whole number is that number of units', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), (number) => {
        assert.equal(parseDuration(`${number}ms`), number);
        assert.equal(parseDuration(`${number}s`), number * 1_000);
        assert.equal(parseDuration(`${number}h`), number * 3_600_000);
      }),
    );
  });

  test('of any text is a whole number of milliseconds or none', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const ms = parseDuration(text);
        assert.ok(ms === undefined || (Number.isInteger(ms) && ms >= 0));
      }),
    );
  });
});
