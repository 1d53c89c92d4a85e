import assert from 'node:assert/strict';
import { test } from 'node:test';
import { restMs } from '../../gateway/flights/rest.ts';

test('a fingerprint rests longer after every failure in a row, but never so long that its recovery is missed', () => {
  const rests = [1, 2, 3, 4, 100].map((failures) => restMs(failures, () => 0.5));
  assert.deepEqual(rests, [500, 1_000, 2_000, 3_000, 3_000]);
});

test('a rest is spread by a quarter either way, so that gateways do not come back in one beat', () => {
  assert.deepEqual([restMs(2, () => 0), restMs(2, () => 1)], [750, 1_250]);
});
