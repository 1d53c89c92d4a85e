import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { BigQuery, QueryResultsOptions, QueryRowsResponse } from '@google-cloud/bigquery';
import { rejection, type TestEmulator, withEmulator } from './with-emulator.ts';

describe('queries through the official client', () => {
  let emulator: TestEmulator;
  let bq: BigQuery;
  before(async () => {
    emulator = await withEmulator();
    bq = emulator.client();
  });
  after(() => emulator[Symbol.asyncDispose]());

  const numbers = 'SELECT x FROM UNNEST(GENERATE_ARRAY(1, 25)) AS x ORDER BY x';

  test('query() gives rows of a mounted table by dataset.table and by project.dataset.table', async () => {
    for (const name of ['shop.orders', '`my-project.shop.orders`', '`my-project`.shop.orders']) {
      const [rows] = await bq.query(`SELECT id, amount FROM ${name} WHERE id > 3`);
      assert.deepEqual(rows, [{ id: 4, amount: null }]);
    }
  });

  test('any project id finds the mounted tables as its own', async () => {
    const [rows] = await emulator
      .client('another-project')
      .query('SELECT COUNT(*) AS n FROM `another-project.shop.orders`');
    assert.deepEqual(rows, [{ n: 4 }]);
  });

  test('a default dataset completes a bare table name', async () => {
    const [rows] = await bq.query({
      query: 'SELECT COUNT(*) AS n FROM orders',
      defaultDataset: { datasetId: 'shop' },
    });
    assert.deepEqual(rows, [{ n: 4 }]);
    const bare = await rejection(bq.query('SELECT * FROM orders'));
    assert.equal(bare.reason, 'invalid');
    assert.match(bare.message, /must be qualified with a dataset/);
  });

  test('the same paths answer without /bigquery/v2', async () => {
    const { status, body } = await emulator.call('POST', '/projects/my-project/queries', {
      query: 'SELECT 1 AS a',
      useLegacySql: false,
    });
    assert.equal(status, 200);
    assert.deepEqual(body.rows, [{ f: [{ v: '1' }] }]);
  });

  test('an empty result has a schema and no rows', async () => {
    const [job] = await bq.createQueryJob('SELECT id, country FROM shop.orders WHERE FALSE');
    const [rows, , response] = await job.getQueryResults({ autoPaginate: false });
    assert.deepEqual(rows, []);
    assert.equal(response?.totalRows, '0');
    assert.deepEqual(
      response?.schema?.fields?.map(({ name, type }) => [name, type]),
      [
        ['id', 'INTEGER'],
        ['country', 'STRING'],
      ],
    );
  });

  test('createQueryJob and getQueryResults give all pages', async () => {
    const [job] = await bq.createQueryJob(numbers);
    const [rows] = await job.getQueryResults();
    assert.equal(rows.length, 25);
  });

  test('pages follow each other by token', async () => {
    const [job] = await bq.createQueryJob(numbers);
    const seen: number[] = [];
    let pages = 0;
    let next: QueryResultsOptions | null | undefined = { maxResults: 10, autoPaginate: false };
    while (next) {
      const page: QueryRowsResponse = await job.getQueryResults(next);
      assert.equal(page[2]?.totalRows, '25');
      seen.push(...page[0].map(({ x }) => x));
      pages += 1;
      next = page[1];
    }
    assert.equal(pages, 3);
    assert.deepEqual(
      seen,
      Array.from({ length: 25 }, (_, i) => i + 1),
    );
  });

  test('startIndex begins in the middle', async () => {
    const [job] = await bq.createQueryJob(numbers);
    const [rows] = await job.getQueryResults({
      startIndex: '20',
      maxResults: 2,
      autoPaginate: false,
    });
    assert.deepEqual(rows, [{ x: 21 }, { x: 22 }]);
  });

  test('a result larger than 10 MB comes in several pages without being asked', async () => {
    const [job] = await bq.createQueryJob(
      "SELECT REPEAT('x', 1000) AS s FROM UNNEST(GENERATE_ARRAY(1, 15000))",
    );
    const [rows, next] = await job.getQueryResults({ autoPaginate: false });
    assert.ok(next);
    assert.ok(rows.length < 15_000);
    const [all] = await job.getQueryResults();
    assert.equal(all.length, 15_000);
  });

  test('a foreign page token is refused', async () => {
    const [job] = await bq.createQueryJob(numbers);
    const error = await rejection(job.getQueryResults({ pageToken: 'abc', autoPaginate: false }));
    assert.deepEqual([error.code, error.reason], [400, 'invalid']);
  });

  test('a script-free text may define its own functions, and others do not see them', async () => {
    const [rows] = await bq.query(
      'CREATE TEMP FUNCTION plus_two(x INT64) AS (x + 2); SELECT plus_two(40) AS answer',
    );
    assert.deepEqual(rows, [{ answer: 42 }]);
    const errors = await Promise.all(
      Array.from({ length: 8 }, () => rejection(bq.query('SELECT plus_two(40)'))),
    );
    assert.ok(errors.every(({ reason }) => reason === 'invalidQuery'));
  });

  const wrong: [claim: string, sql: string, code: number, reason: string, message: RegExp][] = [
    ['bad syntax', 'SELEC 1', 400, 'invalidQuery', /Syntax error/],
    ['an empty text', ' ', 400, 'invalidQuery', /Syntax error/],
    [
      'an unknown column',
      'SELECT nope FROM shop.orders',
      400,
      'invalidQuery',
      /Unrecognized name: nope/,
    ],
    ['an unknown function', 'SELECT NOPE(1)', 400, 'invalidQuery', /Function not found: NOPE/],
    [
      'an unknown table',
      'SELECT * FROM shop.nope',
      404,
      'notFound',
      /Not found: Table my-project:shop.nope/,
    ],
    [
      'an unknown dataset',
      'SELECT * FROM nope.x',
      404,
      'notFound',
      /Not found: Dataset my-project:nope/,
    ],
    ['an unknown project', 'SELECT * FROM `no-project.a.b`', 404, 'notFound', /no-project/],
    [
      'a bad cast',
      'SELECT CAST(country AS INT64) FROM shop.orders',
      400,
      'invalidQuery',
      /Bad int64 value: US/,
    ],
    [
      'a missing parameter',
      'SELECT @nope',
      400,
      'invalidQuery',
      /Query parameter 'nope' not found/,
    ],
    [
      'a column name given twice',
      'SELECT 1 AS a, 2 AS A',
      400,
      'invalidQuery',
      /Duplicate column names/,
    ],
    ['several statements', 'SELECT 1; SELECT 2', 501, 'notImplemented', /not supported/],
    ['a statement of DuckDB', "COPY shop.orders TO 'x.csv'", 400, 'invalidQuery', /./],
  ];

  for (const [claim, sql, code, reason, message] of wrong)
    test(`${claim} is told with reason ${reason}, by query() and by createQueryJob()`, async () => {
      for (const run of [
        () => bq.query(sql),
        async () => (await bq.createQueryJob(sql))[0].getQueryResults(),
      ]) {
        const error = await rejection(run());
        assert.deepEqual([error.code, error.reason], [code, reason], error.message);
        assert.match(error.message, message);
      }
    });

  test('an error in the middle of a result fails the job', async () => {
    const sql =
      "SELECT CAST(IF(x = 90000, 'bad', '1') AS INT64) AS y FROM UNNEST(GENERATE_ARRAY(1, 100000)) AS x";
    const error = await rejection(bq.query(sql));
    assert.equal(error.reason, 'invalidQuery');
    assert.match(error.message, /Bad int64 value: bad/);
  });

  test('malformed requests are refused with everything that is wrong', async () => {
    const path = '/projects/my-project/queries';
    const { status, body } = await emulator.call('POST', path, {
      query: 5,
      maxResults: -1,
      labels: { BAD: 'x' },
    });
    assert.equal(status, 400);
    assert.equal(body.error.errors[0].reason, 'invalid');
    for (const field of ['query', 'maxResults', 'labels.BAD'])
      assert.match(body.error.message, new RegExp(field));
    const legacy = await emulator.call('POST', path, { query: 'SELECT 1', useLegacySql: true });
    assert.equal(legacy.body.error.errors[0].reason, 'notImplemented');
  });

  test('a body that is too large, or no JSON, is refused', async () => {
    const url = `${emulator.url}/projects/my-project/queries`;
    const large = await fetch(url, { method: 'POST', body: 'x'.repeat(11 * 1024 * 1024) });
    assert.equal(large.status, 413);
    const broken = await fetch(url, { method: 'POST', body: '{' });
    assert.equal(broken.status, 400);
  });

  test('an unknown route is not found', async () => {
    const { status, body } = await emulator.call('GET', '/bigquery/v2/projects/p/models');
    assert.deepEqual([status, body.error.errors[0].reason], [404, 'notFound']);
  });
});
