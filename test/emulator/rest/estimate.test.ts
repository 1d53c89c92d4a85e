import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { BigQuery } from '@google-cloud/bigquery';
import { rejection, type TestEmulator, withEmulator } from './with-emulator.ts';

const tenMegabytes = 10 * 1024 * 1024;

describe('dry runs, byte estimates and byte limits', () => {
  let emulator: TestEmulator;
  let bq: BigQuery;
  before(async () => {
    emulator = await withEmulator();
    bq = emulator.client();
  });
  after(() => emulator[Symbol.asyncDispose]());

  async function estimate(query: string, params?: object) {
    const [job] = await bq.createQueryJob({ query, dryRun: true, ...(params && { params }) });
    return job.metadata.statistics;
  }

  test('a dry run gives schema, tables and bytes, and leaves no job behind', async () => {
    await emulator.call('DELETE', '/emulator/jobs');
    const statistics = await estimate('SELECT id, country FROM shop.orders WHERE id = @id', {
      id: 1,
    });
    assert.deepEqual(
      statistics.query.schema.fields.map(
        ({ name, type }: { name: string; type: string }) => `${name} ${type}`,
      ),
      ['id INTEGER', 'country STRING'],
    );
    assert.deepEqual(statistics.query.referencedTables, [
      { projectId: 'my-project', datasetId: 'shop', tableId: 'orders' },
    ]);
    // Four integers of 8 bytes, four countries of 2 letters and 2 bytes.
    assert.equal(statistics.totalBytesProcessed, String(4 * 8 + 4 * 4));
    assert.equal(statistics.query.totalBytesBilled, String(tenMegabytes));
    assert.equal(statistics.query.statementType, 'SELECT');
    assert.deepEqual((await emulator.call('GET', '/emulator/jobs')).body, []);
  });

  const bytes: [claim: string, sql: string, expected: number][] = [
    [
      'one column counts once, however often it is read',
      'SELECT a.id FROM shop.orders AS a JOIN shop.orders AS b USING (id)',
      32,
    ],
    ['a filter counts as read', "SELECT COUNT(*) FROM shop.orders WHERE country = 'US'", 16],
    ['NULLs count nothing', 'SELECT SUM(amount) FROM shop.orders', 24],
    ['COUNT(*) reads nothing', 'SELECT COUNT(*) FROM shop.orders', 0],
    ['a star reads all columns', 'SELECT * FROM shop.orders', 32 + 20 + 16 + 24 + 32 + 32],
    ['a subquery reads what it needs only', 'SELECT id FROM (SELECT * FROM shop.orders)', 32],
    ['a query without tables reads nothing', 'SELECT 1', 0],
    [
      'a WITH that is read twice counts once',
      'WITH o AS (SELECT id FROM shop.orders) SELECT COUNT(*) FROM o AS a JOIN o AS b USING (id)',
      32,
    ],
  ];
  for (const [claim, sql, expected] of bytes)
    test(claim, async () => {
      assert.equal((await estimate(sql)).totalBytesProcessed, String(expected));
    });

  describe('the tables that a dry run names', () => {
    const orders = { projectId: 'my-project', datasetId: 'shop', tableId: 'orders' };
    const none: readonly object[] = [];
    const reads: readonly [claim: string, sql: string, tables: readonly object[]][] = [
      ['are none for a query without any', 'SELECT 1 AS one', none],
      ['are none for UNNEST', 'SELECT x FROM UNNEST([1, 2]) AS x', none],
      [
        'are those behind a WITH, and not its name',
        'WITH orders AS (SELECT id FROM shop.orders) SELECT a.id FROM orders AS a JOIN orders AS b USING (id)',
        [orders],
      ],
      [
        'are those of subqueries and UNIONs, each once',
        'SELECT id FROM shop.orders WHERE id IN (SELECT id FROM shop.orders) UNION ALL SELECT id FROM `my-project.shop.orders`',
        [orders],
      ],
      [
        'are those beside an UNNEST',
        'SELECT o.id, x FROM shop.orders AS o, UNNEST([1]) AS x',
        [orders],
      ],
    ];
    for (const [claim, sql, tables] of reads)
      test(claim, async () => {
        assert.deepEqual((await estimate(sql)).query.referencedTables, tables);
      });

    test('are a view and what is behind it', async () => {
      const maker = emulator.client('view-project');
      await maker.query('CREATE VIEW shop.totals AS SELECT SUM(amount) AS total FROM shop.orders');
      await maker.query('CREATE VIEW shop.doubled AS SELECT total * 2 AS twice FROM shop.totals');
      const [job] = await maker.createQueryJob({
        query: 'SELECT twice FROM shop.doubled',
        dryRun: true,
      });
      const { statistics } = job.metadata;
      assert.deepEqual(
        statistics.query.referencedTables,
        ['doubled', 'totals', 'orders'].map((tableId) => ({
          projectId: 'view-project',
          datasetId: 'shop',
          tableId,
        })),
      );
      assert.equal(statistics.totalBytesProcessed, '24');
    });
  });

  test('an INSERT that selects counts what it reads', async () => {
    const writer = emulator.client('estimate-writer');
    const [job] = await writer.createQueryJob({
      query: 'INSERT INTO shop.orders (id) SELECT id FROM shop.orders',
      dryRun: true,
    });
    assert.equal(job.metadata.statistics.totalBytesProcessed, '32');
    assert.equal(job.metadata.statistics.query.statementType, 'INSERT');
    assert.deepEqual((await writer.query('SELECT COUNT(*) AS n FROM shop.orders'))[0], [{ n: 4 }]);
  });

  test('a job is billed as it was estimated', async () => {
    const query = 'SELECT id FROM shop.orders';
    const [job] = await bq.createQueryJob(query);
    await job.getQueryResults();
    const [{ statistics }] = await job.getMetadata();
    assert.equal(statistics.totalBytesProcessed, (await estimate(query)).totalBytesProcessed);
    assert.equal(statistics.query.totalBytesBilled, String(tenMegabytes));
  });

  test('a query beyond maximumBytesBilled is refused before it runs, by query() and createQueryJob()', async () => {
    const sql = {
      query: 'SELECT id FROM shop.orders',
      maximumBytesBilled: String(tenMegabytes - 1),
    };
    for (const run of [() => bq.query(sql), () => bq.createQueryJob(sql)]) {
      const error = await rejection(run());
      assert.deepEqual([error.code, error.reason], [400, 'bytesBilledLimitExceeded']);
      assert.match(error.message, /10485760 or higher required/);
    }
    const [rows] = await bq.query({ ...sql, maximumBytesBilled: String(tenMegabytes) });
    assert.equal(rows.length, 4);
  });

  test('a dry run of a wrong query tells what is wrong', async () => {
    for (const sql of ['SELECT nope FROM shop.orders', 'SELEC 1']) {
      const error = await rejection(bq.createQueryJob({ query: sql, dryRun: true }));
      assert.deepEqual([error.code, error.reason], [400, 'invalidQuery']);
    }
  });

  test('a dry run by jobs.query gives bytes and schema without rows', async () => {
    const { body } = await emulator.call('POST', '/projects/my-project/queries', {
      query: 'SELECT id FROM shop.orders',
      useLegacySql: false,
      dryRun: true,
    });
    assert.equal(body.totalBytesProcessed, '32');
    assert.equal(body.schema.fields[0].name, 'id');
    assert.equal(body.rows, undefined);
  });
});
