import assert from 'node:assert/strict';
import { after, beforeEach, describe, test } from 'node:test';
import { VERSION_TEXTS_KEY, VERSIONS_KEY } from '../../../shared/redis/keys.ts';
import { textOf } from '../../../shared/versions/known-version.ts';
import { createVersionBoard } from '../../../shared/versions/version-board.ts';
import { createVersions } from '../../../shared/versions/versions.ts';
import { until } from '../../until.ts';
import { startTestRedis } from '../with-redis.ts';
import { queryOf } from './make-query.ts';

/** Longer than any test: what is seen is seen because of a hint or a new connection. */
const NEVER_MS = 600_000;

describe('versions', async () => {
  const redis = await startTestRedis('queue');
  after(() => redis[Symbol.asyncDispose]());
  const connection = await redis.connect();
  const versions = createVersions(connection);
  beforeEach(() => connection.flushall());

  const [one, two, three, four] = [1, 2, 3, 4].map((release) => queryOf('prices', release));
  assert.ok(one && two && three && four);
  const listed = async (name = 'prices') =>
    (await versions.readAll()).get(name)?.map(({ version }) => version);

  const startBoard = (queries = [two], everyMs = NEVER_MS) => {
    const errors: unknown[] = [];
    const board = createVersionBoard({
      redis: redis.open(),
      subscriber: redis.open('subscriber'),
      queries,
      everyMs,
      onError: (error) => errors.push(error),
    });
    board.start();
    return { board, errors, [Symbol.dispose]: () => board.stop() };
  };

  test('stand newest first, and one that is known stays where it stands', async () => {
    await versions.register([one]);
    await versions.register([two, queryOf('other', 1)]);
    await versions.register([one]);
    assert.deepEqual(await listed(), [two.version, one.version]);
    assert.deepEqual(await listed('other'), [queryOf('other', 1).version]);
    const [newest] = (await versions.readAll()).get('prices') ?? [];
    assert.equal(newest?.rowShape, two.rowShape);
    assert.equal(newest?.parametersShape, two.parametersShape);
    const [seconds] = await connection.time();
    assert.ok(Math.abs((newest?.firstSeenAt ?? 0) - Number(seconds) * 1_000) < 60_000);
  });

  test('are three at most, and what falls off loses its text', async () => {
    for (const query of [one, two, three, four]) await versions.register([query]);
    assert.deepEqual(await listed(), [four.version, three.version, two.version]);
    assert.equal(await versions.readText('prices', one.version), undefined);
    assert.deepEqual(await versions.readText('prices', two.version), textOf(two));
    for (const key of [VERSIONS_KEY, VERSION_TEXTS_KEY])
      assert.ok((await connection.pttl(key)) > 0, key);
  });

  test('are registered however many there are', async () => {
    const many = Array.from({ length: 120 }, (_, index) => queryOf(`query-${index}`, 1));
    await versions.register(many);
    assert.equal((await versions.readAll()).size, 120);
  });

  test('with a text that is too long are known without it', async () => {
    const long = { ...one, sql: `${one.sql} -- ${'x'.repeat(300_000)}` };
    await versions.register([long]);
    assert.deepEqual(await listed(), [one.version]);
    assert.equal(await versions.readText('prices', one.version), undefined);
  });

  test('are none where something else stands, until they are registered over it', async () => {
    for (const junk of ['junk', '7', '[7]', '{"version":1}']) {
      await connection.hset(VERSIONS_KEY, 'prices', junk);
      await connection.hset(VERSION_TEXTS_KEY, `prices ${one.version}`, junk);
      assert.deepEqual(await listed(), []);
      assert.equal(await versions.readText('prices', one.version), undefined);
    }
    await connection.hset(VERSIONS_KEY, 'prices', 'junk');
    await versions.register([one]);
    assert.deepEqual(await listed(), [one.version]);
  });

  test('are registered by a board when it starts, which knows the newest other one', async () => {
    await versions.register([one]);
    using started = startBoard();
    assert.equal(started.board.otherThan(two), undefined);
    await until(() => started.board.otherThan(two)?.version === one.version);
    assert.deepEqual(await listed(), [two.version, one.version]);
    assert.equal(started.board.otherThan({ name: 'other', version: 'v' }), undefined);
  });

  test('reach every board by a hint', async () => {
    using old = startBoard([one]);
    await until(listed);
    await until(async () => (await subscribers()) >= 1);
    using next = startBoard([two]);
    for (const [{ board }, own, other] of [
      [old, one, two],
      [next, two, one],
    ] as const)
      await until(() => board.otherThan(own)?.version === other.version);
  });

  test('of two releases side by side do not push each other about', async () => {
    using old = startBoard([one]);
    await until(listed);
    using next = startBoard([two]);
    await until(async () => (await listed())?.length === 2);
    for (const { board } of [old, next, old, next]) await board.tick();
    assert.deepEqual(await listed(), [two.version, one.version]);
  });

  test('that Redis has lost are registered again, and a list that has moved on is left alone', async () => {
    using started = startBoard([one]);
    await until(listed);
    await connection.flushall();
    await started.board.tick();
    await started.board.tick();
    assert.deepEqual(await listed(), [one.version]);
    for (const query of [two, three, four]) await versions.register([query]);
    await started.board.tick();
    await started.board.tick();
    assert.deepEqual(await listed(), [four.version, three.version, two.version]);
  });

  test('stay as they were known while the store is away, and are registered when it is back', async () => {
    await versions.register([one]);
    using started = startBoard();
    await until(() => started.board.otherThan(two));
    await redis.server.kill();
    await started.board.tick();
    assert.equal(started.board.otherThan(two)?.version, one.version);
    assert.ok(started.errors.length > 0);
    await redis.server.restartEmpty();
    await until(async () => (await listed())?.includes(two.version));
  });

  const subscribers = async () => {
    const counted = await connection.call('PUBSUB', 'NUMSUB', 'punctual:versions:registered');
    return (counted as [string, number])[1];
  };
});
