import assert from 'node:assert/strict';
import { after, beforeEach, describe, test } from 'node:test';
import { SWITCHES_KEY } from '../../../shared/redis/keys.ts';
import type { Mode } from '../../../shared/switches/mode.ts';
import { createSwitchBoard } from '../../../shared/switches/switch-board.ts';
import { createSwitches } from '../../../shared/switches/switches.ts';
import { until } from '../../until.ts';
import { startTestRedis } from '../with-redis.ts';

/** Longer than any test: what is seen is seen because of a hint or a new connection. */
const NEVER_MS = 600_000;

describe('switches', async () => {
  const redis = await startTestRedis('queue');
  after(() => redis[Symbol.asyncDispose]());
  const connection = await redis.connect();
  const switches = createSwitches(connection);
  beforeEach(() => connection.flushall());

  const startBoard = (everyMs = NEVER_MS) => {
    const changes: [string, Mode][] = [];
    const errors: unknown[] = [];
    const board = createSwitchBoard({
      redis: redis.open(),
      subscriber: redis.open('subscriber'),
      everyMs,
      onChange: (query, mode) => changes.push([query, mode]),
      onError: (error) => errors.push(error),
    });
    board.start();
    return { board, changes, errors, [Symbol.dispose]: () => board.stop() };
  };

  test('stand where they were set, until they are set back', async () => {
    assert.deepEqual(await switches.readAll(), new Map());
    assert.equal(await switches.set('one', 'frozen'), 'normal');
    assert.equal(await switches.set('two', 'stale-only'), 'normal');
    assert.equal(await switches.set('one', 'stale-only'), 'frozen');
    assert.equal(await switches.set('two', 'normal'), 'stale-only');
    assert.deepEqual(await switches.readAll(), new Map([['one', 'stale-only']]));
    assert.equal(await connection.ttl(SWITCHES_KEY), -1);
  });

  test('are normal where something else stands', async () => {
    await connection.hset(SWITCHES_KEY, { one: 'lukewarm', two: 'frozen' });
    assert.deepEqual(await switches.readAll(), new Map([['two', 'frozen']]));
    assert.equal(await switches.set('one', 'frozen'), 'normal');
  });

  test('set before a board was there are on it as soon as it is connected', async () => {
    await switches.set('one', 'frozen');
    using started = startBoard();
    assert.equal(started.board.modeOf('one'), 'normal');
    await until(() => started.board.modeOf('one') === 'frozen');
    assert.equal(started.board.modeOf('two'), 'normal');
  });

  test('reach every board by a hint', async () => {
    using first = startBoard();
    using second = startBoard();
    const hinted = await hearing(2);
    await switches.set('one', 'stale-only');
    for (const { board } of [first, second])
      await until(() => board.modeOf('one') === 'stale-only');
    await switches.set('one', 'normal');
    for (const { board } of [first, second]) await until(() => board.modeOf('one') === 'normal');
    assert.deepEqual(first.changes, [
      ['one', 'stale-only'],
      ['one', 'normal'],
    ]);
    assert.ok(hinted >= 2);
  });

  test('reach a board without a hint when it looks by itself', async () => {
    using started = startBoard(20);
    await connection.hset(SWITCHES_KEY, 'one', 'frozen');
    await until(() => started.board.modeOf('one') === 'frozen');
  });

  test('stay as they were known while the store is away, and are looked up when it is back', async () => {
    using started = startBoard();
    await switches.set('one', 'frozen');
    await until(() => started.board.modeOf('one') === 'frozen');
    await redis.server.kill();
    await started.board.tick();
    assert.equal(started.board.modeOf('one'), 'frozen');
    assert.ok(started.errors.length > 0);
    await redis.server.restart();
    await until(async () => switches.set('one', 'stale-only').then(() => true));
    await until(() => started.board.modeOf('one') === 'stale-only');
  });

  test('do not reach a board that was stopped', async () => {
    using stopped = startBoard(20);
    stopped.board.stop();
    using running = startBoard();
    await hearing(2);
    await switches.set('one', 'frozen');
    await until(() => running.board.modeOf('one') === 'frozen');
    assert.equal(stopped.board.modeOf('one'), 'normal');
  });

  /** Waits until so many boards listen for hints. */
  const hearing = (boards: number) =>
    until(async () => {
      const [, count] = (await connection.call('PUBSUB', 'NUMSUB', 'punctual:switches:set')) as [
        string,
        number,
      ];
      return count >= boards ? count : undefined;
    });
});
