import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { Redis } from 'ioredis';
import { Registry } from 'prom-client';
import type { Query } from '../../../shared/catalog/catalog.ts';
import { createEpochStore, type EpochStore } from '../../../shared/epochs/epoch-store.ts';
import { createQueryTables } from '../../../shared/epochs/query-tables.ts';
import { createFaultEvents } from '../../../shared/fault-events.ts';
import { createLogger } from '../../../shared/log.ts';
import { EPOCHS_KEY, SEEN_TABLES_KEY, WATCH_TURN_KEY } from '../../../shared/redis/keys.ts';
import { createTableEvents } from '../../../workers/tables/table-events.ts';
import { createWatchRecord } from '../../../workers/tables/watch-record.ts';
import { createTableWatch, type TableWatch } from '../../../workers/tables/watch-tables.ts';
import { createWatchTurn } from '../../../workers/tables/watch-turn.ts';
import type { TableLook } from '../../../workers/thread/look-at-table.ts';
import { startTestRedis, type TestRedis } from '../../shared/with-redis.ts';
import { until } from '../../until.ts';
import { watchedQuery } from './watched-queries.ts';

/** Longer than any test, where a test does not wait for a period. */
const PERIOD_MS = 60_000;
const sales = watchedQuery('sales');
const stock = watchedQuery('stock');
const both = watchedQuery('both');
const byTime = watchedQuery('by-time', undefined, {});
const tablesOf = {
  sales: ['p.shop.sales'],
  stock: ['p.shop.stock'],
  both: ['p.shop.sales', 'p.shop.stock'],
  'by-time': ['p.shop.sales'],
};

let redis: TestRedis;
let connection: Redis;
let beganMs = 0;
let clockMs = 0;
let looks: Map<string, TableLook>;
let looked: string[];

before(async () => {
  redis = await startTestRedis('queue');
  connection = await redis.connect();
});
after(() => redis[Symbol.asyncDispose]());
beforeEach(async () => {
  await connection.flushall();
  clockMs = beganMs = 1_000;
  looked = [];
  looks = new Map([
    ['p.shop.sales', unchanged('10')],
    ['p.shop.stock', unchanged('10')],
  ]);
  for (const query of [sales, stock, both, byTime]) await know(query);
});

describe('a look at the tables', () => {
  test('ends the freshness of everything behind a table that nobody has seen before, and confirms nothing', async () => {
    await look();
    assert.deepEqual(await epochs(), {
      'query:sales': [1_005, 0],
      'query:stock': [1_005, 0],
      'query:both': [1_005, 0],
    });
  });

  test('that finds nothing changed confirms it as of its beginning, and ends nothing', async () => {
    await look();
    const before = await epochs();
    await look(2_000);
    assert.deepEqual(await epochs(), confirmedAt(before, 2_000));
    await look(3_000);
    assert.deepEqual(await epochs(), confirmedAt(before, 3_000));
  });

  test('ends the freshness of just those whose table has changed, once, and confirms the others', async () => {
    await look();
    looks.set('p.shop.sales', unchanged('11'));
    await look(2_000);
    const changed = await epochs();
    assert.deepEqual(changed, {
      'query:sales': [2_005, 0],
      'query:stock': [1_005, 2_000],
      'query:both': [2_005, 0],
    });
    await look(3_000);
    assert.deepEqual(await epochs(), confirmedAt(changed, 3_000));
  });

  test('tells a change that could not be told before, with the date at which it was noticed', async () => {
    await look();
    looks.set('p.shop.stock', unchanged('11'));
    await look(2_000, watch({ epochs: refusing() }));
    assert.deepEqual((await epochs())['query:stock'], [1_005, 0]);
    await look(3_000);
    const { 'query:stock': told } = await epochs();
    assert.deepEqual(told, [2_005, 3_000]);
  });

  test('ends what was read before the last change of its tables when a query comes to be watched', async () => {
    await look(1_000, watch({ queries: [stock] }));
    await look(2_000, watch({ queries: [stock, both] }));
    assert.deepEqual(await epochs(), { 'query:stock': [1_005, 2_000], 'query:both': [2_005, 0] });
    await look(3_000, watch({ queries: [stock, both, sales] }));
    const { 'query:sales': late } = await epochs();
    assert.deepEqual(late, [2_005, 3_000]);
  });

  test('tells nobody of a change that all have been told of', async () => {
    const store = createEpochStore({ cache: connection, queue: connection });
    const told: (readonly string[])[] = [];
    const watched = watch({
      epochs: {
        ...store,
        async invalidate(targets, mode, at) {
          told.push(targets.queries ?? []);
          await store.invalidate(targets, mode, at);
        },
      },
    });
    await look(1_000, watched);
    await look(2_000, watched);
    looks.set('p.shop.stock', unchanged('11'));
    await look(3_000, watched);
    await look(4_000, watched);
    assert.deepEqual(told, [
      ['sales', 'stock', 'both'],
      ['stock', 'both'],
    ]);
  });

  test('reads each table once, and none of a query that is not watched', async () => {
    await look(1_000, watch({ queries: [byTime] }));
    assert.deepEqual(looked, []);
    await look();
    assert.equal(looked.length, 2);
    assert.deepEqual(new Set(looked), new Set(['p.shop.sales', 'p.shop.stock']));
  });
});

describe('a table that cannot be judged', () => {
  const unfit: readonly [claim: string, look: TableLook][] = [
    ['because it cannot be read', { kind: 'unreadable', problem: 'away' }],
    ['because it is a view', { kind: 'unwatchable', type: 'VIEW' }],
    ['because it takes in a stream', { kind: 'table', modified: '10', streaming: true }],
  ];
  for (const [claim, unfitLook] of unfit)
    test(`${claim} has its queries neither confirmed nor ended, and the others confirmed`, async () => {
      await look();
      const before = await epochs();
      looks.set('p.shop.sales', unfitLook);
      await look(2_000);
      assert.deepEqual(await epochs(), { ...before, 'query:stock': [1_005, 2_000] });
    });

  test('ends them when it can be read again and has changed meanwhile', async () => {
    await look();
    looks.set('p.shop.sales', { kind: 'unreadable', problem: 'away' });
    await look(2_000);
    looks.set('p.shop.sales', unchanged('11'));
    await look(3_000);
    assert.deepEqual((await epochs())['query:sales'], [3_005, 0]);
  });

  test('ends them, too, when what was seen of it cannot be read', async () => {
    await look();
    await connection.hset(SEEN_TABLES_KEY, 'p.shop.sales', '{"modified":');
    await look(2_000);
    assert.deepEqual((await epochs())['query:sales'], [2_005, 0]);
  });

  test('does not keep a change of another table from being told', async () => {
    await look();
    looks.set('p.shop.sales', { kind: 'unwatchable', type: 'VIEW' });
    looks.set('p.shop.stock', unchanged('11'));
    await look(2_000);
    assert.deepEqual((await epochs())['query:both'], [2_005, 0]);
  });
});

describe('the metrics of a watch', () => {
  test('say what is watched, what has changed, what is in the way, and when it last looked', async () => {
    const registry = new Registry();
    looks.set('p.shop.stock', { kind: 'unreadable', problem: 'away' });
    const watched = watch({ registry });
    assert.doesNotMatch(await registry.metrics(), /^punctual_table_watch_age_seconds /m);
    await look(1_000, watched);
    await look(2_000, watched);
    assert.match(await registry.metrics(), /^punctual_table_changes_total 0$/m);
    looks.set('p.shop.sales', unchanged('11'));
    await look(3_000, watched);
    const text = await registry.metrics();
    assert.match(text, /^punctual_tables_watched 2$/m);
    assert.match(text, /^punctual_table_changes_total 1$/m);
    assert.match(text, /^punctual_table_confirmations_total 1$/m);
    assert.match(
      text,
      /^punctual_table_watch_obstacles\{query="stock",obstacle="unreadable"\} 1$/m,
    );
    assert.match(text, /^punctual_table_watch_obstacles\{query="both",obstacle="unreadable"\} 1$/m);
    assert.doesNotMatch(text, /query="sales",obstacle/);
    assert.match(text, /^punctual_faults_total\{kind="table-unreadable"\} 3$/m);
    assert.match(text, /^punctual_table_watch_age_seconds \d/m);
  });
});

describe('of several workers', () => {
  test('one looks in each period', async () => {
    const [one, other] = [watch(), watch()];
    await one.tick();
    await other.tick();
    await one.tick();
    assert.equal(looked.length, 2);
    const leftMs = await connection.pttl(WATCH_TURN_KEY);
    assert.ok(leftMs > PERIOD_MS * 0.8 && leftMs <= PERIOD_MS * 0.9, `${leftMs}`);
  });

  test('another looks at once when the one that had the turn stops', async () => {
    const [one, other] = [watch(), watch()];
    await one.tick();
    await other.stop();
    await other.tick();
    assert.equal(looked.length, 2);
    await one.stop();
    await other.tick();
    assert.equal(looked.length, 4);
  });

  test('none waits for ever for one that has died in its turn', async () => {
    await createWatchTurn(connection, PERIOD_MS).take();
    const leftMs = await connection.pttl(WATCH_TURN_KEY);
    assert.ok(leftMs > 0 && leftMs <= 40_000, `${leftMs}`);
  });

  test('a worker looks by itself, period after period', async () => {
    const repeated = watch({ periodMs: 50 });
    repeated.start();
    await until(() => looked.length >= 6);
    await repeated.stop();
  });
});

test('without Redis a look fails, is told, and the next one is made', async () => {
  const away = redis.open();
  away.disconnect();
  const registry = new Registry();
  const watched = watch({ registry, queue: away });
  await watched.tick();
  await watched.tick();
  assert.match(await registry.metrics(), /^punctual_faults_total\{kind="table-watch"\} 2$/m);
  assert.deepEqual(looked, []);
});

function unchanged(modified: string): TableLook {
  return { kind: 'table', modified, streaming: false };
}

async function know({ name, version }: Query): Promise<void> {
  const tables = tablesOf[name as keyof typeof tablesOf];
  await createQueryTables(connection).write(name, version, tables);
}

/** Begins a look at this instant; it is over five milliseconds later. */
async function look(atMs = 1_000, watched = watch()): Promise<void> {
  clockMs = beganMs = atMs;
  await connection.del(WATCH_TURN_KEY);
  await watched.tick();
}

function watch({
  queries = [sales, stock, both, byTime],
  periodMs = PERIOD_MS,
  queue = connection,
  epochs: store = createEpochStore({ cache: connection, queue: connection }),
  registry = new Registry(),
}: {
  queries?: readonly Query[];
  periodMs?: number;
  queue?: Redis;
  epochs?: EpochStore;
  registry?: Registry;
} = {}): TableWatch {
  const log = createLogger('worker', 'silent');
  return createTableWatch({
    queries,
    periodMs,
    threads: {
      async lookAtTable(table) {
        looked.push(table);
        clockMs = beganMs + 5;
        return looks.get(table) ?? assert.fail(table);
      },
    },
    queryTables: createQueryTables(queue),
    record: createWatchRecord(queue),
    epochs: store,
    turn: createWatchTurn(queue, periodMs),
    clock: { now: () => clockMs },
    events: createTableEvents(createFaultEvents(log, registry), log, registry),
  });
}

function refusing(): EpochStore {
  const refuse = () => Promise.reject(new Error('the cache role is away'));
  return {
    ...createEpochStore({ cache: connection, queue: connection }),
    invalidate: refuse,
    confirmUnchanged: refuse,
  };
}

type Epochs = Readonly<Record<string, readonly [soft: number, unchangedAt: number]>>;

/** The epochs of queries as they stand. */
async function epochs(): Promise<Epochs> {
  const fields = Object.entries(await connection.hgetall(EPOCHS_KEY));
  return Object.fromEntries(
    fields
      .filter(([field]) => field.startsWith('query:'))
      .map(([field, text]) => {
        const [soft = 0, , unchangedAt = 0] = text.split(',').map(Number);
        return [field, [soft, unchangedAt] as const];
      }),
  );
}

function confirmedAt(before: Epochs, at: number): Epochs {
  return Object.fromEntries(
    Object.entries(before).map(([field, [soft]]) => [field, [soft, at] as const]),
  );
}
