import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Dataset, withDataset } from './dataset.ts';

/** What must not exist: each query counts the rows that break the claim. */
const NEVER: Readonly<Record<string, string>> = {
  'an order item names an order, a user, a product or an inventory item that is not there': `
    SELECT count(*) FROM order_items AS i
    WHERE NOT EXISTS (FROM orders WHERE orders.order_id = i.order_id)
      OR NOT EXISTS (FROM users WHERE users.id = i.user_id)
      OR NOT EXISTS (FROM products WHERE products.id = i.product_id)
      OR NOT EXISTS (FROM inventory_items WHERE inventory_items.id = i.inventory_item_id)`,
  'an order item differs from its order in user, status or moments': `
    SELECT count(*) FROM order_items AS i JOIN orders AS o USING (order_id)
    WHERE (i.user_id, i.status, i.created_at, i.shipped_at, i.delivered_at, i.returned_at)
      IS DISTINCT FROM (o.user_id, o.status, o.created_at, o.shipped_at, o.delivered_at, o.returned_at)`,
  'an order counts its items wrongly': `
    SELECT count(*) FROM orders LEFT JOIN (SELECT order_id, count(*) AS n FROM order_items GROUP BY 1) USING (order_id)
    WHERE n IS DISTINCT FROM num_of_item`,
  "an order has another gender than its user's": `
    SELECT count(*) FROM orders JOIN users ON users.id = user_id WHERE orders.gender <> users.gender`,
  'an order is older than its account': `
    SELECT count(*) FROM orders JOIN users ON users.id = user_id WHERE orders.created_at <= users.created_at`,
  'an order ships before it is made, arrives before it ships or returns before it arrives': `
    SELECT count(*) FROM orders
    WHERE shipped_at <= created_at OR delivered_at <= shipped_at OR returned_at <= delivered_at`,
  'a status and the moments disagree': `
    SELECT count(*) FROM orders
    WHERE (shipped_at IS NOT NULL) <> (status IN ('Shipped', 'Complete', 'Returned'))
      OR (delivered_at IS NOT NULL) <> (status IN ('Complete', 'Returned'))
      OR (returned_at IS NOT NULL) <> (status = 'Returned')
      OR status NOT IN ('Shipped', 'Complete', 'Returned', 'Processing', 'Cancelled')`,
  'an inventory item is sold other than its order item says, twice, or before it came': `
    SELECT count(*) FROM inventory_items AS s FULL JOIN order_items AS i ON i.inventory_item_id = s.id
    WHERE s.sold_at IS DISTINCT FROM i.created_at OR s.sold_at <= s.created_at
      OR (i.id IS NOT NULL AND s.product_id IS DISTINCT FROM i.product_id)`,
  "an inventory item's copy of its product is wrong": `
    SELECT count(*) FROM inventory_items AS s JOIN products AS p ON p.id = s.product_id
    WHERE (s.cost, product_category, product_name, product_brand, product_retail_price, product_department, product_sku, product_distribution_center_id)
      IS DISTINCT FROM (p.cost, category, name, brand, retail_price, department, sku, distribution_center_id)`,
  'a product has no distribution center': `
    SELECT count(*) FROM products WHERE distribution_center_id NOT IN (SELECT id FROM distribution_centers)`,
  'a price is below 50 cents or a cost above its retail price': `
    SELECT (SELECT count(*) FROM order_items WHERE NOT sale_price >= 0.5) + (SELECT count(*) FROM products WHERE NOT cost < retail_price)`,
  'an event names a user or a product that is not there': `
    SELECT count(*) FROM events
    WHERE user_id NOT IN (SELECT id FROM users)
      OR (event_type = 'product' AND uri NOT IN (SELECT '/product/' || id FROM products))`,
  'a session counts its events wrongly or runs backwards': `
    SELECT count(*) FROM (
      SELECT sequence_number AS found, created_at,
        row_number() OVER steps AS expected, lag(created_at) OVER steps AS previous
      FROM events WINDOW steps AS (PARTITION BY session_id ORDER BY sequence_number))
    WHERE found <> expected OR created_at < previous`,
  'a session has two users or starts elsewhere than at home': `
    SELECT count(*) FROM (
      SELECT count(DISTINCT user_id) AS users, count(user_id) AS known, count(*) AS events, min_by(uri, sequence_number) AS first
      FROM events GROUP BY session_id)
    WHERE users > 1 OR known NOT IN (0, events) OR first <> '/home'`,
  'an order lacks its purchase': `
    SELECT count(*) FROM orders AS o ANTI JOIN events AS e
      ON e.user_id = o.user_id AND e.created_at = o.created_at AND e.uri = '/purchase'`,
  'a bought product was not looked at and put into the cart in that session': `
    SELECT count(*) FROM order_items AS i
    ANTI JOIN (
      SELECT bought.user_id, bought.created_at, seen.uri
      FROM events AS bought JOIN (
        SELECT session_id, uri, lag(event_type) OVER steps AS came_from, lead(event_type) OVER steps AS went_to
        FROM events WINDOW steps AS (PARTITION BY session_id ORDER BY sequence_number)) AS seen USING (session_id)
      WHERE bought.uri = '/purchase' AND came_from = 'department' AND went_to = 'cart') AS shown
      ON shown.user_id = i.user_id AND shown.created_at = i.created_at AND shown.uri = '/product/' || i.product_id`,
  'anything happens after the last day': `
    SELECT count(*) FROM (
      SELECT greatest(created_at, shipped_at, delivered_at, returned_at) AS moment FROM orders
      UNION ALL SELECT created_at FROM users UNION ALL SELECT greatest(created_at, sold_at) FROM inventory_items
      UNION ALL SELECT created_at FROM events)
    WHERE moment >= TIMESTAMPTZ '2026-11-21 00:00:00+00'`,
};

describe('thelook_ecommerce is sound', () => {
  let dataset: Dataset;
  before(async () => {
    dataset = await withDataset({ scale: 0.01, today: '2026-11-20' });
  });
  after(() => dataset[Symbol.asyncDispose]());

  for (const [claim, sql] of Object.entries(NEVER)) {
    test(`never: ${claim}`, async () => {
      assert.equal(await dataset.value(sql), '0');
    });
  }

  for (const [table, id] of Object.entries({
    distribution_centers: 'id',
    products: 'id',
    users: 'id',
    orders: 'order_id',
    order_items: 'id',
    inventory_items: 'id',
    events: 'id',
  })) {
    test(`the ids of ${table} run from 1 without gap or repetition`, async () => {
      const [counts] = await dataset.rows(
        `SELECT count(*) AS n, min(${id}) AS first, max(${id}) AS last, count(DISTINCT ${id}) AS ids FROM ${table}`,
      );
      assert.deepEqual(counts, {
        n: counts?.['n'],
        first: '1',
        last: counts?.['n'],
        ids: counts?.['n'],
      });
    });
  }

  test('some visitors are unknown, and none of them buys', async () => {
    assert.notEqual(await dataset.value('SELECT count(*) FROM events WHERE user_id IS NULL'), '0');
    assert.equal(
      await dataset.value(
        `SELECT count(*) FROM events WHERE user_id IS NULL AND uri = '/purchase'`,
      ),
      '0',
    );
  });

  test('every status occurs', async () => {
    assert.equal(await dataset.value('SELECT count(DISTINCT status) FROM orders'), '5');
  });
});
