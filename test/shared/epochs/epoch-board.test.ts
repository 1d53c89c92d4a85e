import assert from 'node:assert/strict';
import { after, beforeEach, describe, test } from 'node:test';
import { createEpochBoard } from '../../../shared/epochs/epoch-board.ts';
import { createEpochStore } from '../../../shared/epochs/epoch-store.ts';
import { createKnownEpochs } from '../../../shared/epochs/known-epochs.ts';
import { EPOCHS_CHANNEL, EPOCHS_KEY } from '../../../shared/redis/keys.ts';
import { until } from '../../until.ts';
import { startTestRedis } from '../with-redis.ts';

/** Longer than any test: what is known is known because of a hint or a new connection. */
const NEVER_MS = 600_000;

describe('an epoch board', async () => {
  const redis = await startTestRedis('queue');
  after(() => redis[Symbol.asyncDispose]());
  const connection = await redis.connect();
  const epochs = createEpochStore({ cache: connection, queue: connection });
  beforeEach(() => connection.flushall());

  const startBoard = (everyMs = NEVER_MS) => {
    const known = createKnownEpochs();
    const errors: unknown[] = [];
    const cache = redis.open();
    const board = createEpochBoard({
      cache,
      subscriber: redis.open('subscriber'),
      known,
      store: createEpochStore({ cache, queue: cache }),
      everyMs,
      onError: (error) => errors.push(error),
    });
    board.start();
    const at = (query: string) => known.invalidatedAt(query, 'f');
    return { board, at, errors, [Symbol.dispose]: () => board.stop() };
  };

  test('knows what had moved before it was there, as soon as it is connected', async () => {
    await epochs.invalidate({ queries: ['one'] }, 'soft', 5);
    using started = startBoard();
    await until(() => started.at('one') === 5);
    assert.equal(started.at('two'), 0);
  });

  test('knows what moves, by a hint', async () => {
    using first = startBoard();
    using second = startBoard();
    await until(async () => (await listeners()) >= 2);
    await epochs.invalidate({ queries: ['one'] }, 'purge', 7);
    for (const { at } of [first, second]) await until(() => at('one') === 7);
    await connection.publish(EPOCHS_CHANNEL, 'no epochs');
  });

  test('knows what moves without a hint when it looks by itself', async () => {
    using started = startBoard(20);
    await connection.hset(EPOCHS_KEY, { 'query:one': '9,0,0', version: 'another' });
    await until(() => started.at('one') === 9);
  });

  test('gives back to the store what that has lost', async () => {
    using started = startBoard(20);
    await epochs.invalidate({ queries: ['one'] }, 'soft', 11);
    await until(() => started.at('one') === 11);
    await connection.del(EPOCHS_KEY);
    await until(async () => (await connection.hget(EPOCHS_KEY, 'query:one')) === '11,0,0');
    await connection.del(EPOCHS_KEY);
    await epochs.invalidate({ queries: ['two'] }, 'soft', 12);
    await until(async () => (await connection.hget(EPOCHS_KEY, 'query:one')) === '11,0,0');
    const version = await connection.hget(EPOCHS_KEY, 'version');
    await started.board.tick();
    await started.board.tick();
    assert.equal(await connection.hget(EPOCHS_KEY, 'version'), version, 'and writes no more');
  });

  test('keeps what it knows while the stores are away, and looks again when they are back', async () => {
    using started = startBoard();
    await epochs.invalidate({ queries: ['one'] }, 'soft', 13);
    await until(() => started.at('one') === 13);
    await redis.server.kill();
    await started.board.tick();
    assert.ok(started.errors.length > 0);
    assert.equal(started.at('one'), 13);
    await redis.server.restart();
    await until(() => epochs.invalidate({ queries: ['two'] }, 'soft', 17).then(() => true));
    await until(() => started.at('two') === 17);
  });

  const listeners = async () => {
    const counted = (await connection.call('PUBSUB', 'NUMSUB', EPOCHS_CHANNEL)) as [string, number];
    return counted[1];
  };
});
