import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { BigQuery } from '@google-cloud/bigquery';
import { rejection, type TestEmulator, withEmulator } from './with-emulator.ts';

const METADATA = { view: 'STORAGE_STATS', fields: 'type,lastModifiedTime' };

describe('when a table last changed', () => {
  let emulator: TestEmulator;
  let projects = 0;
  before(async () => {
    emulator = await withEmulator();
  });
  after(() => emulator[Symbol.asyncDispose]());

  const ownClient = () => emulator.client(`modified-${projects++}`);
  const lastModified = async (bq: BigQuery, table = 'orders') => {
    const [metadata] = await bq.dataset('shop').table(table).getMetadata(METADATA);
    return Number(metadata.lastModifiedTime);
  };

  test('is, of a mounted file, when the file did', async () => {
    const bq = ownClient();
    const begunMs = await lastModified(bq);
    assert.ok(Math.abs(begunMs - Date.now()) < 60_000, `${begunMs}`);
    assert.equal(await lastModified(ownClient()), begunMs);
  });

  const changes: readonly [claim: string, sql: string][] = [
    ['INSERT', 'INSERT INTO shop.orders (id) VALUES (9)'],
    ['UPDATE', 'UPDATE shop.orders SET amount = 1 WHERE id = 1'],
    ['DELETE', 'DELETE FROM shop.orders WHERE id = 1'],
    ['TRUNCATE', 'TRUNCATE TABLE shop.orders'],
    ['CREATE OR REPLACE TABLE', 'CREATE OR REPLACE TABLE shop.orders AS SELECT 1 AS id'],
  ];
  for (const [claim, sql] of changes)
    test(`moves with ${claim}, in its own project alone`, async () => {
      const [bq, other] = [ownClient(), ownClient()];
      const [before, beforeOther] = [await lastModified(bq), await lastModified(other)];
      await bq.query(sql);
      assert.ok((await lastModified(bq)) > before);
      assert.equal(await lastModified(other), beforeOther);
    });

  test('moves with each of two changes in the same millisecond', async () => {
    const bq = ownClient();
    const insert = () => bq.query('INSERT INTO shop.orders (id) VALUES (9)');
    await insert();
    const first = await lastModified(bq);
    await Promise.all([insert(), insert()]);
    assert.ok((await lastModified(bq)) >= first + 2);
  });

  test('stays when nothing is written: reads, dry runs, refusals, what is there already', async () => {
    const bq = ownClient();
    await bq.query('INSERT INTO shop.orders (id) VALUES (9)');
    const before = await lastModified(bq);
    await bq.query('SELECT COUNT(*) AS n FROM shop.orders');
    await bq.createQueryJob({ query: 'DELETE FROM shop.orders WHERE TRUE', dryRun: true });
    await rejection(bq.query("INSERT INTO shop.orders (id) VALUES ('no number')"));
    await bq.query('CREATE TABLE IF NOT EXISTS shop.orders (id INT64)');
    await bq.query('CREATE TABLE shop.another AS SELECT 1 AS id');
    assert.equal(await lastModified(bq), before);
  });

  test('is told with the members that are asked for, and not in the BASIC view', async () => {
    const table = ownClient().dataset('shop').table('orders');
    const [few] = await table.getMetadata(METADATA);
    assert.deepEqual(Object.keys(few), ['type', 'lastModifiedTime']);
    const [basic] = await table.getMetadata({ view: 'BASIC' });
    assert.equal(basic.schema.fields.length, 6);
    for (const member of ['lastModifiedTime', 'numRows', 'numBytes'])
      assert.equal(member in basic, false, member);
    assert.equal((await table.getMetadata({ view: 'FULL' }))[0].numRows, '4');
    assert.equal((await rejection(table.getMetadata({ view: 'ALL' }))).reason, 'invalid');
  });

  test('stands beside the type: a mounted file is a table, a view is a view', async () => {
    const bq = ownClient();
    const typeOf = async (table: string) =>
      (await bq.dataset('shop').table(table).getMetadata(METADATA))[0].type;
    await bq.query('CREATE VIEW shop.few AS SELECT id FROM shop.orders');
    assert.equal(await typeOf('orders'), 'TABLE');
    assert.equal(await typeOf('few'), 'VIEW');
    const [tables] = await bq.dataset('shop').getTables();
    assert.deepEqual(
      tables.map(({ id, metadata }) => `${id} ${metadata.type}`),
      ['few VIEW', 'orders TABLE'],
    );
    await bq.query('DROP VIEW shop.few');
    await bq.query('CREATE TABLE shop.few AS SELECT 1 AS id');
    assert.equal(await typeOf('few'), 'TABLE');
  });

  test('is asked for in vain where a fault says so', async () => {
    const fault = [{ match: { route: 'table' }, error: { status: 503, reason: 'backendError' } }];
    await emulator.call('PUT', '/emulator/faults', fault);
    assert.equal((await rejection(lastModified(ownClient()))).code, 503);
    await emulator.call('DELETE', '/emulator/faults');
  });
});
