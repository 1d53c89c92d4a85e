import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createWarmTally } from '../../../shared/warm/warm-tally.ts';
import { startTestRedis } from '../with-redis.ts';

const DAY = 86_400_000;

test('each key counts once in two days, and no longer', async () => {
  await using redis = await startTestRedis('queue');
  const connection = await redis.connect();
  let now = 20_000 * DAY;
  const tally = createWarmTally(connection, { now: () => now });
  await tally.noteWarmed('q', ['a', 'b', 'c']);
  await tally.noteWarmed('q', ['a']);
  await tally.noteHits('q', ['a']);
  await tally.noteHits('q', []);
  assert.deepEqual(await tally.read('q'), { warmed: 3, hit: 1 });
  now += DAY;
  await tally.noteHits('q', ['a', 'b']);
  await tally.noteWarmed('q', ['d']);
  assert.deepEqual(await tally.read('q'), { warmed: 4, hit: 2 });
  now += DAY;
  assert.deepEqual(await tally.read('q'), { warmed: 1, hit: 2 });
  assert.deepEqual(await tally.read('another'), { warmed: 0, hit: 0 });
  for (const key of await connection.keys('*')) assert.ok((await connection.pttl(key)) > 0, key);
});

test('a hundred thousand keys are noted as well as one', async () => {
  await using redis = await startTestRedis('queue');
  const tally = createWarmTally(await redis.connect(), { now: () => 0 });
  await tally.noteWarmed(
    'q',
    Array.from({ length: 100_000 }, (_, key) => `key ${key}`),
  );
  const { warmed } = await tally.read('q');
  assert.ok(Math.abs(warmed - 100_000) < 3_000, `${warmed}`);
});
