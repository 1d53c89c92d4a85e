import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { connectRedis, LEAVE_EVERY_MS, leaveDemoted } from '../../../shared/redis/connect.ts';
import { freePort } from '../../../stack/port.ts';
import { until } from '../../until.ts';
import { settling, startTestRedis } from '../with-redis.ts';

describe('a connection for requests', () => {
  test('fails at once when the server was never up, and tells its owner why', async (t) => {
    const errors: Error[] = [];
    const url = `redis://127.0.0.1:${await freePort()}`;
    const connection = connectRedis(url, 'request', { onError: (error) => errors.push(error) });
    t.after(() => connection.disconnect());
    await assert.rejects(settling(connection.get('a')), /enableOfflineQueue/);
    await until(() => errors.length > 0, { what: 'the owner hears of it' });
    await assert.rejects(settling(connection.get('a')), /enableOfflineQueue/);
  });

  test('fails when the server is frozen', async () => {
    await using redis = await startTestRedis('cache');
    const connection = await redis.connect();
    redis.server.freeze();
    await assert.rejects(settling(connection.get('a')), /timed out/);
    redis.server.thaw();
    await until(async () => (await connection.ping()) === 'PONG', { what: 'it answers again' });
  });

  test('does not leave its commands piled up behind a frozen server', async () => {
    await using redis = await startTestRedis('cache');
    const connection = await redis.connect();
    redis.server.freeze();
    const asked = Array.from({ length: 100 }, () => connection.get('a'));
    await Promise.allSettled(asked);
    await until(() => connection.status !== 'ready', { what: 'the dead socket is given up' });
    await assert.rejects(settling(connection.get('a')));
  });

  test('fails while the server is away, comes back by itself, and repeats nothing', async () => {
    await using redis = await startTestRedis('queue');
    const connection = await redis.connect();
    await connection.set('count', 0);
    await redis.server.stop();
    const asked = Array.from({ length: 5 }, () => connection.incr('count'));
    const outcomes = await settling(Promise.allSettled(asked));
    assert.ok(outcomes.every(({ status }) => status === 'rejected'));
    await redis.server.restart();
    await until(async () => (await connection.get('count')) === '0', { what: 'it answers 0' });
    assert.equal(await connection.incr('count'), 1);
  });
});

describe('a connection to a server that is a primary no more', () => {
  for (const purpose of ['request', 'blocking'] as const) {
    test(`is given up for a new one, which may reach the new primary (${purpose})`, async () => {
      await using redis = await startTestRedis('queue');
      const connection = await redis.connect(purpose);
      await connection.call('REPLICAOF', '127.0.0.1', String(await freePort()));
      const closed = once(connection, 'close');
      await assert.rejects(settling(connection.set('a', 1)), /READONLY/);
      await settling(closed);
      await until(() => connection.status === 'ready', { what: 'it is connected again' });
      await connection.call('REPLICAOF', 'NO', 'ONE');
      assert.equal(await connection.set('a', 1), 'OK');
    });
  }

  test('is not given up again and again while the address stays', () => {
    let nowMs = 0;
    const leaves = leaveDemoted(() => nowMs);
    const readOnly = new Error("READONLY You can't write against a read only replica.");
    assert.deepEqual([leaves(readOnly), leaves(readOnly)], [true, false]);
    nowMs += LEAVE_EVERY_MS - 1;
    assert.equal(leaves(readOnly), false);
    nowMs += 1;
    assert.equal(leaves(readOnly), true);
  });

  test('is kept whatever else fails', () => {
    assert.equal(leaveDemoted()(new Error('WRONGTYPE')), false);
  });
});

describe('a command that was under way when the server died', () => {
  test('fails, and is not sent again once the server is back', async () => {
    await using redis = await startTestRedis('queue');
    const connection = await redis.connect();
    await connection.set('count', 0);
    redis.server.freeze();
    const asked = Promise.allSettled([connection.incr('count'), connection.incr('count')]);
    await redis.server.kill();
    const outcomes = await settling(asked);
    assert.ok(outcomes.every(({ status }) => status === 'rejected'));
    await redis.server.restart();
    await until(async () => (await connection.get('count')) === '0', { what: 'it answers 0' });
  });
});

describe('a connection for workers or channels', () => {
  for (const purpose of ['blocking', 'subscriber'] as const) {
    test(`waits for a server that is away (${purpose})`, async () => {
      await using redis = await startTestRedis('queue');
      await redis.server.stop();
      const connection = redis.open(purpose);
      const answer = purpose === 'blocking' ? connection.ping() : connection.subscribe('channel');
      await redis.server.restart();
      assert.ok(await settling(Promise.resolve<unknown>(answer)));
    });
  }
});
