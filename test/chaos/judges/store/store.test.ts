import assert from 'node:assert/strict';
import { after, beforeEach, describe, test } from 'node:test';
import { Queue, Worker } from 'bullmq';
import { startTestRedis } from '../../../shared/with-redis.ts';
import { until } from '../../../until.ts';
import { startApart } from '../../apart/start-apart.ts';
import type { StoreAnswers } from './main.ts';

const limits = { mayStay: ['^punctual:mode:'], waiting: 2 };
const tag = `punctual:{${'a'.repeat(64)}}`;

describe('the store judge', async () => {
  const redis = await startTestRedis('queue');
  const connection = await redis.connect('blocking');
  const judge = await startApart<StoreAnswers>(new URL('./main.ts', import.meta.url));
  await judge.ask('watch', { queue: redis.server.url, cache: redis.server.url });
  after(async () => {
    await judge[Symbol.asyncDispose]();
    await redis[Symbol.asyncDispose]();
  });
  beforeEach(() => connection.flushall());
  const verdict = async () => (await judge.ask('verdict', limits)).findings.map(({ what }) => what);
  const leavings = async () => (await judge.ask('leavings')).map(({ what }) => what);

  test('finds nothing in keys that end and in those that may stay', async () => {
    await connection.set(`${tag}:entry`, 'x', 'PX', 60_000);
    await connection.set('punctual:mode:plain', 'frozen');
    assert.deepEqual(await verdict(), []);
    assert.deepEqual(await leavings(), []);
  });

  test('finds a key that lives for ever', async () => {
    await connection.set(`${tag}:job`, 'x');
    assert.match((await verdict()).join('\n'), /:job \(queue\) lives for ever/);
  });

  test('finds a lease that is left', async () => {
    await connection.set(`${tag}:lease`, 'x', 'PX', 60_000);
    assert.match((await leavings()).join('\n'), /:lease/);
  });

  test('finds waiting jobs, too many of them, and none once a worker has done them', async () => {
    const options = { connection, prefix: '{punctual}', skipVersionCheck: true };
    const queue = new Queue('live', options);
    const done = { removeOnComplete: true };
    const deduplication = { id: 'f' };
    await queue.addBulk(['a', 'b', 'c'].map((name) => ({ name, data: {}, opts: done })));
    await queue.add('d', {}, { ...done, deduplication });
    assert.match((await verdict()).join('\n'), /4 jobs wait/);
    assert.match((await leavings()).join('\n'), /:de:f/);
    const worker = new Worker('live', async () => undefined, options);
    worker.on('error', () => undefined);
    await until(async () => (await leavings()).length === 0);
    assert.deepEqual(await verdict(), []);
    await worker.close(true);
    await queue.close();
  });

  test('tells the memory and the clients of a server, and hurts it when it is asked to', async () => {
    const { usedBytes, clients } = await judge.ask('figures', 'queue');
    assert.ok(usedBytes > 100_000 && clients >= 2);
    await connection.set('x', '1');
    await judge.ask('command', 'queue', 'FLUSHALL');
    assert.equal(await connection.get('x'), null);
  });
});
