import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { patienceMs } from '../../gateway/flights/patience.ts';

describe('the patience with a flight', () => {
  test('is twice its usual time', () => assert.equal(patienceMs(15_000, 3_000), 6_000));
  test('is two seconds for the quickest query', () => assert.equal(patienceMs(15_000, 10), 2_000));
  test('ends before those leave who wait as long as the query may take', () => {
    assert.equal(patienceMs(15_000, undefined), 13_500);
    assert.equal(patienceMs(15_000, 15_000), 13_500);
    assert.equal(patienceMs(1_000, undefined), 900);
  });
});
