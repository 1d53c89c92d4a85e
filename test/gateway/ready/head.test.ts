import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createHead } from '../../../gateway/ready/head.ts';

test('a head says of each answer what is its own, and nothing of the one before', () => {
  const head = createHead(['ETag', 'W/"a"']);
  const type = ['Content-Type', 'application/json; charset=utf-8'];
  const of = (id: string) => ({ requestId: id, serverTiming: `total;dur=${id}` });
  const opening = (id: string) => {
    const { requestId, serverTiming } = of(id);
    return ['ETag', 'W/"a"', 'X-Request-Id', requestId, 'Server-Timing', serverTiming];
  };
  for (const [id, bytes] of [
    ['1', 20],
    ['2', 3],
  ] as const) {
    const whole = [...opening(id), ...type, 'Content-Length', String(bytes)];
    assert.deepEqual(head.whole(of(id), bytes, 'identity'), whole);
    assert.deepEqual(head.unchanged(of(id)), opening(id));
    assert.deepEqual(head.whole(of(id), bytes, 'gzip'), [...whole, 'Content-Encoding', 'gzip']);
  }
});
