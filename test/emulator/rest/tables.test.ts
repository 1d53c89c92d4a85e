import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { BigQuery } from '@google-cloud/bigquery';
import { rejection, type TestEmulator, withEmulator } from './with-emulator.ts';

describe('datasets, tables and writing to them', () => {
  let emulator: TestEmulator;
  let bq: BigQuery;
  before(async () => {
    emulator = await withEmulator();
    bq = emulator.client();
  });
  after(() => emulator[Symbol.asyncDispose]());

  test('tables.get gives schema, rows, bytes and the time of the last change', async () => {
    const [metadata] = await bq.dataset('shop').table('orders').getMetadata();
    assert.deepEqual(
      metadata.schema.fields.map(
        ({ name, type }: { name: string; type: string }) => `${name} ${type}`,
      ),
      [
        'id INTEGER',
        'customer STRING',
        'country STRING',
        'amount FLOAT',
        'ordered_on DATE',
        'created_at TIMESTAMP',
      ],
    );
    assert.equal(metadata.numRows, '4');
    assert.equal(metadata.numBytes, String(32 + 20 + 16 + 24 + 32 + 32));
    assert.match(metadata.lastModifiedTime, /^\d{13}$/);
  });

  test('datasets and tables are listed', async () => {
    const [datasets] = await bq.getDatasets();
    assert.deepEqual(
      datasets.map(({ id }) => id),
      ['shop'],
    );
    const [tables] = await bq.dataset('shop').getTables();
    assert.deepEqual(
      tables.map(({ id }) => id),
      ['orders'],
    );
    const [metadata] = await bq.dataset('shop').getMetadata();
    assert.equal(metadata.datasetReference.datasetId, 'shop');
  });

  test('what does not exist is not found', async () => {
    assert.equal((await rejection(bq.dataset('nope').getMetadata())).code, 404);
    assert.equal((await rejection(bq.dataset('nope').getTables())).code, 404);
    const error = await rejection(bq.dataset('shop').table('nope').getMetadata());
    assert.deepEqual([error.code, error.reason], [404, 'notFound']);
  });

  test('an INSERT into a mounted table counts its rows, moves lastModifiedTime, and stays in its project', async () => {
    const writer = emulator.client('writer-project');
    const table = writer.dataset('shop').table('orders');
    const [before] = await table.getMetadata();
    const [job] = await writer.createQueryJob({
      query:
        "INSERT INTO shop.orders (id, customer, country) VALUES (5, 'dan', @country), (6, 'eve', 'DE')",
      params: { country: 'US' },
    });
    const [rows, , response] = await job.getQueryResults({ autoPaginate: false });
    assert.deepEqual(rows, []);
    assert.equal(response?.numDmlAffectedRows, '2');
    const [{ statistics }] = await job.getMetadata();
    assert.equal(statistics.query.statementType, 'INSERT');
    assert.equal(statistics.query.numDmlAffectedRows, '2');
    assert.deepEqual(statistics.query.dmlStats, { insertedRowCount: '2' });
    const [afterwards] = await table.getMetadata();
    assert.equal(afterwards.numRows, '6');
    assert.ok(Number(afterwards.lastModifiedTime) > Number(before.lastModifiedTime));
    const [unchanged] = await bq.query('SELECT COUNT(*) AS n FROM shop.orders');
    assert.deepEqual(unchanged, [{ n: 4 }]);
  });

  test('UPDATE and DELETE count their rows', async () => {
    const writer = emulator.client('update-project');
    const affected = async (query: string) => {
      const [job] = await writer.createQueryJob(query);
      await job.getQueryResults();
      return (await job.getMetadata())[0].statistics.query.dmlStats;
    };
    assert.deepEqual(await affected("UPDATE shop.orders SET amount = 1 WHERE country = 'US'"), {
      updatedRowCount: '2',
    });
    assert.deepEqual(await affected('DELETE FROM shop.orders WHERE amount = 1'), {
      deletedRowCount: '2',
    });
    assert.deepEqual((await writer.query('SELECT COUNT(*) AS n FROM shop.orders'))[0], [{ n: 2 }]);
  });

  test('concurrent INSERTs all arrive', async () => {
    const writer = emulator.client('crowd-project');
    await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        writer.query(`INSERT INTO shop.orders (id) VALUES (${100 + i})`),
      ),
    );
    assert.deepEqual((await writer.query('SELECT COUNT(*) AS n FROM shop.orders'))[0], [{ n: 14 }]);
  });

  test('a dataset and a table made by a statement can be read, listed, and removed', async () => {
    const writer = emulator.client('maker-project');
    await writer.createDataset('made');
    assert.equal((await rejection(writer.createDataset('made'))).reason, 'duplicate');
    await writer.query(
      'CREATE TABLE made.numbers AS SELECT x, x * x AS y FROM UNNEST([1, 2, 3]) AS x',
    );
    assert.deepEqual((await writer.query('SELECT SUM(y) AS s FROM made.numbers'))[0], [{ s: 14 }]);
    const [tables] = await writer.dataset('made').getTables();
    assert.deepEqual(
      tables.map(({ id }) => id),
      ['numbers'],
    );
    assert.equal((await rejection(writer.dataset('made').delete())).reason, 'resourceInUse');
    await writer.query('DROP TABLE made.numbers');
    assert.equal((await rejection(writer.query('SELECT * FROM made.numbers'))).reason, 'notFound');
    await writer.dataset('made').delete();
    assert.equal((await rejection(writer.dataset('made').getMetadata())).code, 404);
  });

  test('writing to what does not exist, or to the public project, is refused', async () => {
    const missing = await rejection(bq.query('INSERT INTO shop.nope (a) VALUES (1)'));
    assert.deepEqual([missing.code, missing.reason], [404, 'notFound']);
    const elsewhere = await rejection(bq.query('CREATE TABLE nope.t AS SELECT 1 AS a'));
    assert.deepEqual([elsewhere.code, elsewhere.reason], [404, 'notFound']);
    const url = emulator.client('bigquery-public-data');
    assert.equal((await rejection(url.createDataset('mine'))).reason, 'accessDenied');
  });

  test('files of the machine are no tables, and the mounted originals stay as they are', async () => {
    for (const defaultDataset of [undefined, { datasetId: 'shop' }])
      for (const sql of [
        'SELECT * FROM `/etc/hosts`',
        "SELECT * FROM read_text('/etc/hosts')",
        "SELECT * FROM '/etc/hosts'",
      ])
        await rejection(bq.query({ query: sql, ...(defaultDataset && { defaultDataset }) }));
    const error = await rejection(bq.query('DELETE FROM `mounted-tables.shop.orders` WHERE TRUE'));
    assert.equal(error.reason, 'accessDenied');
  });

  test('an impossible project id is refused', async () => {
    const { status, body } = await emulator.call('POST', '/projects/system/queries', {
      query: 'SELECT 1',
      useLegacySql: false,
    });
    assert.deepEqual([status, body.error.errors[0].reason], [400, 'invalid']);
  });
});
