import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { Redis } from 'ioredis';
import { Registry } from 'prom-client';
import { createQueryTables } from '../../../shared/epochs/query-tables.ts';
import { createFaultEvents } from '../../../shared/fault-events.ts';
import { createLogger } from '../../../shared/log.ts';
import { TABLES_FOUND_KEY } from '../../../shared/redis/keys.ts';
import { createTableFinder } from '../../../workers/tables/find-tables.ts';
import { createTableEvents } from '../../../workers/tables/table-events.ts';
import type { DryRun } from '../../../workers/thread/dry-run.ts';
import { startTestRedis, type TestRedis } from '../../shared/with-redis.ts';
import { until } from '../../until.ts';
import { watchedQuery } from './watched-queries.ts';

const HOUR_MS = 3_600_000;
const queries = Array.from({ length: 9 }, (_, i) => watchedQuery(`query-${i}`));

let redis: TestRedis;
let connection: Redis;
let clockMs = HOUR_MS;
let asked: string[];
let answer: (query: string) => DryRun | Promise<DryRun>;

before(async () => {
  redis = await startTestRedis('queue');
  connection = await redis.connect();
});
after(() => redis[Symbol.asyncDispose]());
beforeEach(async () => {
  await connection.flushall();
  asked = [];
  answer = () => ({ ok: true, bytes: 0, reads: ['p.shop.sales'] });
});

describe('the search for tables', () => {
  test('writes down what each query reads, with its version', async () => {
    assert.equal(await finder().tick(), true);
    const found = await createQueryTables(connection).read();
    assert.equal(found.size, queries.length);
    assert.deepEqual(found.get('query-3'), {
      version: queries[3]?.version,
      tables: ['p.shop.sales'],
    });
  });

  test('asks for nothing that is known, and again after a day', async () => {
    await finder().tick();
    clockMs += 23 * HOUR_MS;
    assert.equal(await finder().tick(), true);
    assert.equal(asked.length, queries.length);
    clockMs += 2 * HOUR_MS;
    await finder().tick();
    assert.equal(asked.length, queries.length * 2);
  });

  test('asks for a version that is not known', async () => {
    await finder().tick();
    await createQueryTables(connection).write('query-5', 'another', ['p.shop.other']);
    asked = [];
    await finder().tick();
    assert.deepEqual(asked, ['query-5']);
  });

  test('forgets a query that nobody has found for a month', async () => {
    const tables = createQueryTables(connection);
    await tables.write('gone', 'v', ['p.shop.sales']);
    await connection.hset(TABLES_FOUND_KEY, 'gone', clockMs);
    clockMs += 29 * 24 * HOUR_MS;
    await finder().tick();
    assert.ok((await tables.read()).has('gone'));
    clockMs += 2 * 24 * HOUR_MS;
    await finder().tick();
    assert.deepEqual(
      [...(await tables.read()).keys()].toSorted(),
      queries.map(({ name }) => name),
    );
    assert.equal(await connection.hexists(TABLES_FOUND_KEY, 'gone'), 0);
  });

  test('has four dry runs under way at once, and no more', async () => {
    const gate = Promise.withResolvers<DryRun>();
    answer = () => gate.promise;
    const searching = finder().tick();
    await until(() => asked.length === 4);
    await connection.ping();
    assert.equal(asked.length, 4);
    gate.resolve({ ok: true, bytes: 0, reads: [] });
    await searching;
    assert.equal(asked.length, queries.length);
  });

  test('goes on without a query that cannot be planned, tells of it, and tries it again by itself', async () => {
    answer = (query) =>
      query === 'query-2'
        ? { ok: false, problem: 'the warehouse is away' }
        : { ok: true, bytes: 0, reads: [] };
    const registry = new Registry();
    const search = finder(registry);
    await search.start();
    assert.equal((await createQueryTables(connection).read()).size, queries.length - 1);
    assert.match(await registry.metrics(), /^punctual_faults_total\{kind="tables-unknown"\} 1$/m);
    answer = () => ({ ok: true, bytes: 0, reads: [] });
    await until(async () => (await createQueryTables(connection).read()).has('query-2'));
    assert.equal(asked.length, queries.length + 1);
    search.stop();
  });

  test('without Redis fails, and is told', async () => {
    const away = redis.open();
    away.disconnect();
    const registry = new Registry();
    assert.equal(await finder(registry, away).tick(), false);
    assert.match(await registry.metrics(), /^punctual_faults_total\{kind="table-search"\} 1$/m);
    assert.deepEqual(asked, []);
  });
});

function finder(registry = new Registry(), queue = connection) {
  const log = createLogger('worker', 'silent');
  return createTableFinder({
    queries,
    queue,
    threads: {
      async dryRun(query) {
        asked.push(query);
        return answer(query);
      },
    },
    clock: { now: () => clockMs },
    events: createTableEvents(createFaultEvents(log, registry), log, registry),
  });
}
