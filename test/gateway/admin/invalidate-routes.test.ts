import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { type Invalidated, invalidateRoutes } from '../../../gateway/admin/invalidate-routes.ts';
import { readEpochs } from '../../../shared/epochs/epoch.ts';
import { createEpochStore, MOST_SINGLE_ENTRIES } from '../../../shared/epochs/epoch-store.ts';
import { createQueryTables } from '../../../shared/epochs/query-tables.ts';
import { EPOCHS_KEY } from '../../../shared/redis/keys.ts';
import { openSideDoor } from '../../../shared/side-door.ts';
import { assertRefused, send } from '../../shared/send.ts';
import { startTestRedis } from '../../shared/with-redis.ts';

const now = Date.UTC(2026, 10, 20, 12);
const fingerprint = 'ab'.repeat(32);
const served = ['one', 'two'].map((name) => ({ name, version: 'v', staleForMs: 60_000 }));

/** The route over a Redis of its own, and what it has told. */
async function openRoute(t: TestContext) {
  const redis = await startTestRedis('queue');
  t.after(() => redis[Symbol.asyncDispose]());
  const connection = await redis.connect();
  const told: Invalidated[] = [];
  const errors: unknown[] = [];
  const tables = createQueryTables(connection);
  const epochs = createEpochStore({ cache: connection, queue: connection });
  const routes = invalidateRoutes({
    epochs,
    tables,
    served: () => served,
    clock: { now: () => now },
    onInvalidated: (one) => told.push(one),
    onError: (error) => errors.push(error),
  });
  const door = await openSideDoor({ host: '127.0.0.1', port: 0 }, routes);
  t.after(() => door[Symbol.asyncDispose]());
  const invalidate = (body: unknown) =>
    send(`${door.url}/admin/v1/invalidate`, 'POST', JSON.stringify(body));
  const stored = async () => readEpochs(await connection.hgetall(EPOCHS_KEY));
  return { redis, epochs, tables, told, errors, invalidate, stored };
}

describe('the route that invalidates', () => {
  test('moves the epoch of what is named, and says what that is', async (t) => {
    const it = await openRoute(t);
    await it.tables.write('one', 'v', ['p.d.t']);
    const soft = { soft: now, purge: 0, unchangedAt: 0 };
    const purge = { soft: 0, purge: now, unchangedAt: 0 };
    const at = '2026-11-20T12:00:00.000Z';
    for (const [body, field, epoch, queries, unknown] of [
      [{ query: 'one' }, 'query:one', soft, ['one'], []],
      [{ all: true, mode: 'purge' }, 'all', purge, ['one', 'two'], []],
      [{ fingerprint, mode: 'soft' }, `entry:${fingerprint}`, soft, [], []],
      [{ table: 'd.t', mode: 'purge' }, 'query:two', purge, ['one', 'two'], ['two']],
      [{ table: 'd.u' }, 'query:two', { ...soft, purge: now }, ['two'], ['two']],
    ] as const) {
      const mode = 'mode' in body ? body.mode : 'soft';
      const answer = await it.invalidate(body);
      assert.deepEqual(answer.body, { data: { mode, at, queries, unknown } }, answer.text);
      assert.deepEqual((await it.stored()).get(field), epoch, JSON.stringify(body));
    }
    assert.deepEqual(
      it.told.map(({ by, mode }) => `${by} ${mode}`),
      ['query soft', 'all purge', 'fingerprint soft', 'table purge', 'table soft'],
    );
    assert.equal(it.told[2]?.fingerprint, fingerprint);
    await it.tables.write('two', 'v', ['p.d.u']);
    const { body } = await it.invalidate({ table: 'd.t' });
    assert.deepEqual(body.data.queries, ['one']);
    assert.deepEqual(body.data.unknown, []);
  });

  test('names everything that is wrong with the body, and moves nothing', async (t) => {
    const it = await openRoute(t);
    for (const [body, ...wrong] of [
      [null, ''],
      [[], ''],
      ['one', ''],
      [{}, ''],
      [{ mode: 'soft' }, ''],
      [{ query: 'one', mode: 'hard' }, 'mode'],
      [{ query: 'one', all: true }, ''],
      [{ query: 'One' }, 'query'],
      [{ query: 1 }, 'query'],
      [{ all: false }, 'all'],
      [{ fingerprint: 'abc' }, 'fingerprint'],
      [{ table: 'sales' }, 'table'],
      [{ table: '`p.d.t`' }, 'table'],
      [{ query: null, table: 7, mode: 1, force: true }, 'mode', 'query', 'table', '', 'force'],
    ] as const) {
      const refused = await it.invalidate(body);
      assertRefused(refused, 'invalid-body');
      const members = refused.body.problems.map(({ member }: { member: string }) => member);
      assert.deepEqual(members, wrong, JSON.stringify(body));
      assert.match(refused.text, /query, table, fingerprint, all/);
    }
    assertRefused(await it.invalidate({ query: 'three' }), 'not-found');
    assert.equal((await it.stored()).size, 0);
    assert.deepEqual(it.told, []);
  });

  test('refuses one single entry too many, which is no failure of the store', async (t) => {
    const it = await openRoute(t);
    const many = Array.from({ length: MOST_SINGLE_ENTRIES }, (_, index) => `entry:${index}`);
    await it.epochs.restore(
      new Map(many.map((field) => [field, { soft: 1, purge: 0, unchangedAt: 0 }])),
    );
    assertRefused(await it.invalidate({ fingerprint }), 'too-many-invalidations');
    assert.equal((await it.invalidate({ query: 'one' })).status, 200);
    assert.deepEqual(it.errors, []);
  });

  test('says so when a store cannot be reached, and tells it', async (t) => {
    const it = await openRoute(t);
    await it.redis.server.kill();
    for (const body of [{ all: true }, { table: 'd.t' }]) {
      const refused = await it.invalidate(body);
      assertRefused(refused, 'store-down');
      assert.ok(refused.headers.has('retry-after'));
    }
    assert.equal(it.errors.length, 2);
    assert.deepEqual(it.told, []);
  });
});
