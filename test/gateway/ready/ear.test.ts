import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createEar } from '../../../gateway/ready/ear.ts';
import { startTestRedis, type TestRedis } from '../../shared/with-redis.ts';
import { until } from '../../until.ts';

/** An ear on a connection to a server of its own, and how often it has said that it was deaf. */
async function listen(redis: TestRedis) {
  const subscriber = await redis.connect('subscriber');
  await subscriber.subscribe('channel');
  let deaf = 0;
  const ear = createEar({ subscriber, onDeaf: () => deaf++ });
  ear.start();
  await until(() => ear.hears(performance.now()), { what: 'it hears' });
  const before = deaf;
  return { ear, subscriber, deaf: () => deaf - before, [Symbol.dispose]: () => ear.stop() };
}

describe('the ear for announcements', () => {
  test('hears while the server answers', async () => {
    await using redis = await startTestRedis('queue');
    using it = await listen(redis);
    assert.equal(it.deaf(), 0);
  });

  test('is deaf as soon as the connection is lost, and says so again when it hears', async () => {
    await using redis = await startTestRedis('queue');
    using it = await listen(redis);
    await redis.server.stop();
    await until(() => !it.ear.hears(performance.now()), { what: 'it is deaf' });
    assert.ok(it.deaf() >= 1);
    const before = it.deaf();
    await redis.server.restart();
    await until(() => it.ear.hears(performance.now()), { what: 'it hears again' });
    assert.ok(it.deaf() > before, 'what came between was not heard');
  });

  test('is deaf when the server stands still, though the connection does', async () => {
    await using redis = await startTestRedis('queue');
    using it = await listen(redis);
    redis.server.freeze();
    await until(() => !it.ear.hears(performance.now()), { what: 'it is deaf' });
    redis.server.thaw();
    await until(() => it.ear.hears(performance.now()), { what: 'it hears again' });
    assert.ok(it.deaf() >= 1);
  });
});
