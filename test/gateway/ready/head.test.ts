import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHead } from '../../../gateway/ready/head.ts';

test('a head says of each answer what is its own, and nothing of the one before', () => {
  const head = createHead(['ETag', 'W/"a"']);
  const type = ['Content-Type', 'application/json; charset=utf-8'];
  const of = (id: string, staysOpen: boolean) => ({
    requestId: id,
    serverTiming: `total;dur=${id}`,
    staysOpen,
  });
  for (const [id, bytes] of [
    ['1', 20],
    ['2', 3],
  ] as const) {
    for (const staysOpen of [true, false]) {
      const own = of(id, staysOpen);
      const kept = staysOpen ? ['Keep-Alive', 'timeout=75'] : [];
      const timing = ['X-Request-Id', id, 'Server-Timing', `total;dur=${id}`];
      const unchanged = ['ETag', 'W/"a"', ...kept, ...timing];
      const whole = [...unchanged, ...type, 'Content-Length', String(bytes)];
      assert.deepEqual(head.unchanged(own), unchanged);
      assert.deepEqual(head.whole(own, bytes, 'identity'), whole);
      assert.deepEqual(head.whole(own, bytes, 'gzip'), [...whole, 'Content-Encoding', 'gzip']);
    }
  }
});
