import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { midnightMs } from '../../../emulator/thelook/calendar.ts';
import { mountThelook } from '../../../emulator/tables/mount-thelook.ts';
import { withDataset } from '../thelook/dataset.ts';
import { prepare } from './folder.ts';
import { ensureThelook } from '../../../emulator/thelook/ensure-thelook.ts';

const MOMENTS = `
  SELECT order_id, created_at, shipped_at, delivered_at, returned_at FROM orders
  UNION ALL SELECT id, created_at, NULL, NULL, NULL FROM users
  UNION ALL SELECT id, created_at, NULL, NULL, NULL FROM events
  UNION ALL SELECT id, created_at, sold_at, NULL, NULL FROM inventory_items
  UNION ALL SELECT id, created_at, shipped_at, delivered_at, returned_at FROM order_items`;

describe('mounting thelook_ecommerce', () => {
  test('names all seven tables with their files, changed at midnight of the day', async (t) => {
    const { directory: dataDir, connection } = await prepare(t);
    const { directory } = await ensureThelook({ dataDir, scale: 0.001, seed: 1, report: () => {} });
    const mounted = await mountThelook(connection, directory, '2027-03-04');
    assert.equal(mounted.length, 7);
    for (const table of mounted) {
      assert.equal(table.projectId, 'bigquery-public-data');
      assert.equal(table.datasetId, 'thelook_ecommerce');
      assert.equal(table.source, `${directory}/${table.tableId}.parquet`);
      assert.equal(table.lastModifiedMs, Date.UTC(2027, 2, 4));
    }
  });

  test('the last day is the day asked for, before and after that of the files', async () => {
    for (const today of ['2024-02-29', '2026-01-01', '2031-12-31']) {
      await using dataset = await withDataset({ scale: 0.001, today });
      const last = await dataset.value('SELECT max(created_at)::DATE::VARCHAR FROM events');
      assert.equal(last, today);
    }
  });

  test('every moment moves by the same whole days and nothing else changes', async () => {
    await using early = await withDataset({ scale: 0.001, today: '2026-11-20' });
    await using late = await withDataset({ scale: 0.001, today: '2026-11-23' });
    const digest = (days: number) => `
      SELECT md5(string_agg(moment, ',' ORDER BY moment)) FROM (
        SELECT concat_ws('/', order_id, epoch_us(created_at) - ${days} * 86400000000,
          epoch_us(shipped_at) - ${days} * 86400000000, epoch_us(delivered_at) - ${days} * 86400000000,
          epoch_us(returned_at) - ${days} * 86400000000) AS moment
        FROM (${MOMENTS}))`;
    assert.equal(await early.value(digest(0)), await late.value(digest(3)));
    const rest = `SELECT md5(string_agg(t::VARCHAR, ',' ORDER BY id)) FROM (SELECT * EXCLUDE (created_at) FROM events) AS t`;
    assert.equal(await early.value(rest), await late.value(rest));
  });

  test("the connection's time zone makes no difference", async (t) => {
    const { directory: dataDir, connection } = await prepare(t);
    const { directory } = await ensureThelook({ dataDir, scale: 0.001, seed: 1, report: () => {} });
    await connection.run(`SET TimeZone = 'America/New_York'`);
    await mountThelook(connection, directory, '2026-11-20');
    await using dataset = await withDataset({ scale: 0.001, today: '2026-11-20' });
    const sum = 'SELECT sum(epoch_us(created_at))::VARCHAR AS sum FROM orders';
    const here = await connection.runAndReadAll(
      sum.replace('orders', '"bigquery-public-data".thelook_ecommerce.orders'),
    );
    assert.deepEqual(here.getRowObjectsJson(), await dataset.rows(sum));
  });

  test('a day that is none is refused', async (t) => {
    const { directory, connection } = await prepare(t);
    for (const today of ['2026-02-30', 'yesterday', '2026-1-1', '']) {
      await assert.rejects(mountThelook(connection, directory, today), RangeError);
      assert.throws(() => midnightMs(today), RangeError);
    }
  });
});
