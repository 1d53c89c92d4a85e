import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  entryKey,
  landingKey,
  leaseKey,
  snapshotKey,
  warehouseJobKey,
} from '../../../shared/redis/keys.ts';

describe('the keys of one fingerprint', () => {
  test('are all different and share one hash tag, so that a cluster keeps them together', () => {
    const print = 'f'.repeat(64);
    const keys = [
      entryKey(print),
      snapshotKey(print, 1),
      snapshotKey(print, 2),
      leaseKey(print),
      warehouseJobKey(print),
      landingKey(print),
    ];
    assert.equal(new Set(keys).size, keys.length);
    assert.deepEqual(new Set(keys.map((key) => /\{(.*?)\}/.exec(key)?.[1])), new Set([print]));
  });
});
