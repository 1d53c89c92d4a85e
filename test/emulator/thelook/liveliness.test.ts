import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Dataset, withDataset } from './dataset.ts';

const SCALE = 0.05;

describe('thelook_ecommerce has something to say', () => {
  let dataset: Dataset;
  before(async () => {
    dataset = await withDataset({ scale: SCALE, today: '2026-11-20' });
  });
  after(() => dataset[Symbol.asyncDispose]());

  test('it is as big as its scale promises', async () => {
    const promised = { users: 100_000, products: 29_000, order_items: 180_000, events: 2_000_000 };
    for (const [table, atScale1] of Object.entries(promised)) {
      const count = Number(await dataset.value(`SELECT count(*) FROM ${table}`));
      assert.ok(count >= atScale1 * SCALE, `${table} has ${count} rows`);
    }
  });

  test('it spans about three years and its last day is full', async () => {
    const [span] = await dataset.rows(`
      SELECT min(created_at)::DATE AS first, max(created_at)::DATE AS last,
        count(*) FILTER (created_at >= TIMESTAMPTZ '2026-11-20 00:00:00+00') AS last_day,
        count(*) FILTER (created_at >= TIMESTAMPTZ '2026-11-19 00:00:00+00') AS last_two_days
      FROM events`);
    assert.equal(span?.['last'], '2026-11-20');
    assert.match(String(span?.['first']), /^2023-(11|12)/);
    const lastDay = Number(span?.['last_day']);
    const dayBefore = Number(span?.['last_two_days']) - lastDay;
    assert.ok(lastDay > dayBefore * 0.7 && lastDay < dayBefore * 1.4, `${lastDay}, ${dayBefore}`);
  });

  test('in the last week some categories are sharply dearer and others cheaper than in the four before', async () => {
    const changes = await priceChanges(dataset, 'category', 5);
    assert.ok(Math.max(...changes) > 10, `highest ${Math.max(...changes)}`);
    assert.ok(Math.min(...changes) < -10, `lowest ${Math.min(...changes)}`);
  });

  test('some brands move too, and many little', async () => {
    const changes = await priceChanges(dataset, 'brand', 2);
    assert.ok(changes.some((change) => Math.abs(change) > 10));
    assert.ok(changes.filter((change) => Math.abs(change) < 10).length > changes.length / 3);
  });

  test('some products are suddenly wanted in the last week', async () => {
    const surging = await dataset.value(`
      SELECT count(*) FROM (
        SELECT product_id,
          count(*) FILTER (created_at >= TIMESTAMPTZ '2026-11-14 00:00:00+00') AS now,
          count(*) FILTER (created_at < TIMESTAMPTZ '2026-11-14 00:00:00+00') AS before
        FROM order_items WHERE created_at >= TIMESTAMPTZ '2026-10-17 00:00:00+00' GROUP BY 1)
      WHERE now >= 3 AND now > 3 * before / 4`);
    assert.ok(Number(surging) >= 2, `${String(surging)} products surge`);
  });

  test('popularity is skewed: a tenth of the products makes over a third of the sales', async () => {
    const share = await dataset.value(`
      SELECT sum(sales) FILTER (place <= products / 10) / sum(sales) FROM (
        SELECT count(*) AS sales, row_number() OVER (ORDER BY count(*) DESC) AS place,
          (SELECT count(*) FROM products) AS products
        FROM order_items GROUP BY product_id)`);
    assert.ok(Number(share) > 1 / 3, `share ${String(share)}`);
  });

  test('people who share a bought product buy alike', async () => {
    // How often two items of different users fall into one category: bought by users with a product in common, and by any two.
    const [found] = await dataset.rows(`
      WITH bought AS (
        SELECT DISTINCT user_id, product_id, category, department FROM order_items JOIN products ON products.id = product_id
        WHERE user_id % 5 = 0),
      together AS (
        SELECT DISTINCT a.user_id AS one, b.user_id AS other FROM bought AS a JOIN bought AS b USING (product_id)
        WHERE a.user_id < b.user_id)
      SELECT
        (SELECT avg((a.category = b.category)::INT) FROM together JOIN bought AS a ON a.user_id = one JOIN bought AS b ON b.user_id = other
         WHERE a.product_id <> b.product_id) AS alike,
        (SELECT sum((n / total) ** 2) FROM (SELECT count(*) AS n, sum(count(*)) OVER () AS total FROM bought GROUP BY category)) AS anyone`);
    assert.ok(Number(found?.['alike']) > 1.5 * Number(found?.['anyone']), JSON.stringify(found));
  });

  test('the customer of the examples, user 42, has a history', async () => {
    const orders = await dataset.value('SELECT count(*) FROM orders WHERE user_id = 42');
    assert.ok(Number(orders) >= 3, `${String(orders)} orders`);
  });
});

/** Changes of the price paid in the last week against the four weeks before, like for like (as a share of the retail price), in per cent. */
async function priceChanges(
  dataset: Dataset,
  by: string,
  leastItems: number,
): Promise<readonly number[]> {
  const rows = await dataset.rows(`
    SELECT 100 * (now / before - 1) AS change FROM (
      SELECT avg(sale_price / retail_price) FILTER (created_at >= TIMESTAMPTZ '2026-11-15 00:00:00+00') AS now,
        avg(sale_price / retail_price) FILTER (created_at < TIMESTAMPTZ '2026-11-14 00:00:00+00') AS before,
        count(*) FILTER (created_at >= TIMESTAMPTZ '2026-11-15 00:00:00+00') AS items
      FROM order_items JOIN products ON products.id = product_id
      WHERE created_at >= TIMESTAMPTZ '2026-10-17 00:00:00+00' GROUP BY ${by})
    WHERE items >= ${leastItems} AND before IS NOT NULL`);
  return rows.map(({ change }) => Number(change));
}
