import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { openThelook, type Thelook } from './open-thelook.ts';
import { type Row, type Warehouse, withWarehouse } from './with-warehouse.ts';
import { withinOneHour } from './within-one-hour.ts';

const SCALE = 0.01;
const NOBODY = 999_999_999;
const PERSONAL = ['home-recommended', 'home-new-in-favourites'];
const GENERAL = ['home-popular', 'home-trending', 'home-new-arrivals'];
const SOLD = "status IN ('Complete', 'Shipped', 'Processing')";

let warehouse: Warehouse;
let thelook: Thelook;
/** Those who bought most within the last half year, most first. */
let buyers: readonly number[];
before(async () => {
  warehouse = await withWarehouse({ scale: SCALE });
  thelook = await openThelook(SCALE);
  const found = await thelook.rows(
    `SELECT user_id FROM order_items WHERE ${SOLD} AND created_at BETWEEN now() - INTERVAL 180 DAY AND now()
     GROUP BY user_id ORDER BY count(*) DESC, user_id LIMIT 20`,
  );
  buyers = found.map((row) => Number(row['user_id']));
});
after(async () => {
  await warehouse[Symbol.asyncDispose]();
  thelook[Symbol.dispose]();
});

describe('every shelf of the home page', () => {
  for (const query of [...PERSONAL, ...GENERAL]) {
    const who = PERSONAL.includes(query) ? { userId: 1 } : {};

    test(`${query} has no product twice and the best first`, async () => {
      const rows = await warehouse.ask(query, { ...who, limit: 50 });
      assert.ok(rows.length >= 4, `${rows.length} rows`);
      assert.equal(new Set(ids(rows)).size, rows.length);
      assert.deepEqual(
        scores(rows),
        scores(rows).toSorted((a, b) => b - a),
      );
    });

    test(`${query} holds what is asked for, 4 by default, and a shorter one is the start of a longer one`, async () => {
      const [one, four, ten] = await withinOneHour(() =>
        Promise.all([
          warehouse.ask(query, { ...who, limit: 1 }),
          warehouse.ask(query, who),
          warehouse.ask(query, { ...who, limit: 10 }),
        ]),
      );
      assert.deepEqual(one, ten.slice(0, 1));
      assert.deepEqual(four, ten.slice(0, 4));
    });

    test(`${query} shows products as the shop has them`, async () => {
      const rows = await warehouse.ask(query, who);
      const known = await thelook.rows(
        `SELECT id AS productId, name, brand, category, retail_price AS price FROM products
         WHERE id IN (${ids(rows).join()})`,
      );
      const byId = new Map(known.map((row) => [row['productId'], row]));
      for (const { score: _score, ...shown } of rows)
        assert.deepEqual(shown, byId.get(shown['productId']));
    });
  }
});

describe('popular and trending products', () => {
  test('are counted right: different buyers of 28 days', async () => {
    const [rows, expected] = await withinOneHour((hour) =>
      Promise.all([
        warehouse.ask('home-popular', { limit: 20 }),
        thelook.rows(
          `SELECT product_id AS id, count(DISTINCT user_id) AS score FROM order_items
           WHERE ${SOLD} AND created_at >= $at - INTERVAL 28 DAY AND created_at < $at
           GROUP BY product_id ORDER BY score DESC, id LIMIT 20`,
          hour,
        ),
      ]),
    );
    assert.deepEqual(
      ids(rows),
      expected.map((row) => row['id']),
    );
    assert.deepEqual(
      scores(rows),
      expected.map((row) => row['score']),
    );
  });

  test('trend by growth: all sold more this week than their eight weeks before and the shop let expect', async () => {
    const [rows, weeks] = await withinOneHour((hour) =>
      Promise.all([
        warehouse.ask('home-trending', { limit: 50 }),
        thelook.rows(
          `SELECT product_id AS id, created_at >= $at - INTERVAL 7 DAY AS is_now, count(*) AS units FROM order_items
           WHERE ${SOLD} AND created_at >= $at - INTERVAL 63 DAY AND created_at < $at GROUP BY ALL`,
          hour,
        ),
      ]),
    );
    assert.deepEqual(roundedScores(rows), surpluses(weeks).slice(0, rows.length));
  });
});

describe('personal shelves', () => {
  test('never show what somebody has ordered before', async () => {
    for (const userId of buyers) {
      const owned = await thelook.rows(
        `SELECT DISTINCT product_id AS id FROM order_items WHERE user_id = ${userId}`,
      );
      const ownedIds = new Set(owned.map((row) => row['id']));
      for (const query of PERSONAL) {
        const rows = await warehouse.ask(query, { userId, limit: 50 });
        assert.deepEqual(
          ids(rows).filter((id) => ownedIds.has(id)),
          [],
        );
      }
    }
  });

  test('recommend from the categories that people buy from, more than popular products are', async () => {
    const popular = await warehouse.ask('home-popular', { limit: 10 });
    let recommendedShare = 0;
    let popularShare = 0;
    for (const userId of buyers) {
      const liked = await categoriesOf(userId);
      const recommended = await warehouse.ask('home-recommended', { userId, limit: 10 });
      recommendedShare += shareIn(liked, recommended) / buyers.length;
      popularShare += shareIn(liked, popular) / buyers.length;
    }
    assert.ok(recommendedShare > 1.5 * popularShare, `${recommendedShare} and ${popularShare}`);
  });

  test('recommend to different people different products', async () => {
    const shelves = await Promise.all(
      buyers.map((userId) => warehouse.ask('home-recommended', { userId })),
    );
    const different = new Set(shelves.map((rows) => ids(rows).join()));
    assert.ok(different.size >= buyers.length / 2, `${different.size} of ${buyers.length}`);
  });

  test('show what is new from the favourite categories first', async () => {
    for (const userId of buyers.slice(0, 5)) {
      const liked = await categoriesOf(userId);
      const rows = await warehouse.ask('home-new-in-favourites', { userId, limit: 50 });
      const favourites = rows.filter((row) => Number(row['score']) > 0);
      assert.ok(favourites.length > 0);
      assert.equal(shareIn(liked, favourites), 1);
    }
  });

  test('are filled for somebody unknown, with score 0', async () => {
    for (const query of PERSONAL) {
      const rows = await warehouse.ask(query, { userId: NOBODY });
      assert.deepEqual(scores(rows), [0, 0, 0, 0]);
    }
    const [filled, newest] = await withinOneHour(() =>
      Promise.all([
        warehouse.ask('home-new-in-favourites', { userId: NOBODY }),
        warehouse.ask('home-new-arrivals'),
      ]),
    );
    assert.deepEqual(ids(filled), ids(newest));
  });
});

function ids(rows: readonly Row[]): number[] {
  return rows.map((row) => Number(row['productId']));
}

function scores(rows: readonly Row[]): number[] {
  return rows.map((row) => Number(row['score']));
}

function roundedScores(rows: readonly Row[]) {
  return rows.map((row) => ({
    id: Number(row['productId']),
    surplus: Number(row['score']).toFixed(4),
  }));
}

async function categoriesOf(userId: number): Promise<ReadonlySet<unknown>> {
  const rows = await thelook.rows(
    `SELECT DISTINCT category FROM order_items JOIN products ON products.id = product_id
     WHERE user_id = ${userId} AND ${SOLD}`,
  );
  return new Set(rows.map((row) => row['category']));
}

function shareIn(categories: ReadonlySet<unknown>, rows: readonly Row[]): number {
  return rows.filter((row) => categories.has(row['category'])).length / rows.length;
}

/** Products by how many deviations their week lies above what is expected, best first. */
function surpluses(weeks: readonly Row[]) {
  const products = new Map<number, { now: number; usual: number }>();
  for (const { id, is_now: isNow, units } of weeks) {
    const product = products.get(Number(id)) ?? { now: 0, usual: 0 };
    if (isNow === true) product.now = Number(units);
    else product.usual = Number(units) / 8;
    products.set(Number(id), product);
  }
  const total = { now: 0, usual: 0 };
  for (const { now, usual } of products.values()) {
    total.now += now;
    total.usual += usual;
  }
  return [...products]
    .map(([id, { now, usual }]) => ({ id, now, expected: (usual * total.now) / total.usual }))
    .filter(({ now, expected }) => now > expected)
    .map(({ id, now, expected }) => ({ id, surplus: (now - expected) / Math.sqrt(expected + 1) }))
    .map(({ id, surplus }) => ({ id, surplus: surplus.toFixed(4) }))
    .sort((a, b) => Number(b.surplus) - Number(a.surplus) || a.id - b.id);
}

test('home-active-users lists those with most events of the last 30 days, most first', async () => {
  const [listed, expected] = await withinOneHour(() =>
    Promise.all([
      warehouse.ask('home-active-users', { limit: 20 }),
      thelook.rows(
        `SELECT user_id AS "userId", count(*) AS events FROM events
         WHERE user_id IS NOT NULL AND created_at >= date_trunc('hour', now()) - INTERVAL 30 DAY
           AND created_at < date_trunc('hour', now())
         GROUP BY user_id ORDER BY events DESC, user_id LIMIT 20`,
      ),
    ]),
  );
  assert.equal(listed.length, 20);
  assert.deepEqual(
    listed.map(({ userId, events }) => [userId, events]),
    expected.map((row) => [Number(row['userId']), Number(row['events'])]),
  );
});
