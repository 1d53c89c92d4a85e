import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertRowsEqual } from './close-to.ts';
import { openThelook, type Thelook } from './open-thelook.ts';
import { type Row, type Warehouse, withWarehouse } from './with-warehouse.ts';
import { withinOneHour } from './within-one-hour.ts';

const SCALE = 0.01;
let warehouse: Warehouse;
let thelook: Thelook;
before(async () => {
  warehouse = await withWarehouse({ scale: SCALE });
  thelook = await openThelook(SCALE);
});
after(async () => {
  await warehouse[Symbol.asyncDispose]();
  thelook[Symbol.dispose]();
});

describe('price alerts are what plain arithmetic over the same sales gives', () => {
  for (const by of ['product', 'brand', 'category'])
    for (const window of ['1d', '7d', '14d', '28d'])
      test(`by ${by} over ${window}`, async () => {
        const asked = { by, window, minChangePercent: 1, minUnits: 2 };
        const { alerts, expected } = await both(asked);
        if (window === '28d') assert.ok(alerts.length > 0, 'nothing to compare');
        assertRowsEqual(alerts, expected);
      });
});

describe('price alerts can be narrowed', () => {
  const asked = { by: 'brand', window: '28d', minChangePercent: 0, minUnits: 1 };

  test('to a direction', async () => {
    for (const direction of ['up', 'down']) {
      const { alerts, expected } = await both({ ...asked, direction });
      assert.ok(alerts.length > 0);
      assert.ok(alerts.every((alert) => alert['direction'] === direction));
      assertRowsEqual(alerts, expected);
    }
  });

  test('to a category and to a brand', async () => {
    const [most] = await thelook.rows(
      'SELECT category, brand FROM products GROUP BY ALL ORDER BY count(*) DESC, ALL LIMIT 1',
    );
    for (const filter of [{ category: most?.['category'] }, { brand: most?.['brand'] }]) {
      const { alerts, expected } = await both({ ...asked, by: 'product', ...filter });
      assert.ok(alerts.length > 0);
      assertRowsEqual(alerts, expected);
    }
  });

  test('to nothing, by a name that does not exist', async () => {
    assert.deepEqual(await warehouse.ask('price-alerts', { ...asked, category: "'; DROP" }), []);
  });

  test('by a minimum of units on both sides', async () => {
    const alerts = await warehouse.ask('price-alerts', { ...asked, minUnits: 8 });
    assert.ok(alerts.length > 0);
    assert.ok(alerts.every((alert) => Number(alert['unitsNow']) >= 8));
    assert.ok(alerts.every((alert) => Number(alert['unitsBefore']) >= 8));
  });
});

async function both(asked: Row): Promise<{ alerts: Row[]; expected: Row[] }> {
  return withinOneHour(async (hour) => ({
    alerts: await warehouse.ask('price-alerts', asked),
    expected: expectedAlerts(asked, await thelook.rows(comparisonSql(asked), hour)),
  }));
}

const KEYS: Readonly<Record<string, string>> = {
  product: 'p.id::VARCHAR',
  brand: 'p.brand',
  category: 'p.category',
};

/** The four windows before side by side with the window, one row per key. */
function comparisonSql({ by, window, category, brand }: Row): string {
  const days = Number.parseInt(String(window), 10);
  const product = by === 'product';
  return `
    WITH windows AS (
      SELECT n, $at - to_days(${days} * (n + 1)::INTEGER) AS starts, $at - to_days(${days} * n::INTEGER) AS ends
      FROM range(5) AS numbers(n)
    ), sold AS (
      SELECT n, ${KEYS[String(by)]} AS key, count(*) AS units, avg(sale_price) AS price
      FROM order_items AS i
      JOIN products AS p ON p.id = i.product_id
      JOIN windows ON i.created_at >= starts AND i.created_at < ends
      WHERE i.status <> 'Cancelled'
        ${category === undefined ? '' : `AND p.category = '${category}'`}
        ${brand === undefined ? '' : `AND p.brand = '${brand}'`}
      GROUP BY ALL
    )
    SELECT
      this.key AS key,
      ${product ? '(SELECT id FROM products WHERE id::VARCHAR = this.key)' : 'NULL'} AS productId,
      ${product ? '(SELECT name FROM products WHERE id::VARCHAR = this.key)' : 'this.key'} AS name,
      ${product ? '(SELECT brand FROM products WHERE id::VARCHAR = this.key)' : by === 'brand' ? 'this.key' : 'NULL'} AS brand,
      ${product ? '(SELECT category FROM products WHERE id::VARCHAR = this.key)' : by === 'category' ? 'this.key' : 'NULL'} AS category,
      '${window}' AS window,
      this.price AS priceNow,
      sum(earlier.price * earlier.units) / sum(earlier.units) AS priceBefore,
      this.units AS unitsNow,
      sum(earlier.units)::BIGINT AS unitsBefore,
      avg(earlier.price) AS meanOfWindows,
      stddev_samp(earlier.price) AS deviationOfWindows
    FROM sold AS this
    JOIN sold AS earlier ON earlier.key = this.key AND earlier.n > 0
    WHERE this.n = 0
    GROUP BY this.key, this.price, this.units`;
}

function expectedAlerts(asked: Row, compared: readonly Row[]): Row[] {
  const { minUnits = 3, minChangePercent = 10, direction = 'any' } = asked;
  return compared
    .filter((row) => Number(row['unitsNow']) >= Number(minUnits))
    .filter((row) => Number(row['unitsBefore']) >= Number(minUnits))
    .map(expectedAlert)
    .filter((alert) => alert.changePercent !== 0)
    .filter((alert) => Math.abs(alert.changePercent) >= Number(minChangePercent))
    .filter((alert) => direction === 'any' || alert.direction === direction)
    .sort(
      (a, b) => Math.abs(b.changePercent) - Math.abs(a.changePercent) || (a.key < b.key ? -1 : 1),
    );
}

function expectedAlert({ meanOfWindows, deviationOfWindows, ...row }: Row) {
  const now = Number(row['priceNow']);
  const past = Number(row['priceBefore']);
  const deviation = Number(deviationOfWindows ?? 0);
  const changePercent = round(((now - past) / past) * 100);
  return {
    ...row,
    key: String(row['key']),
    priceNow: round(now),
    priceBefore: round(past),
    changePercent,
    direction: changePercent > 0 ? 'up' : 'down',
    zScore: deviation < 0.01 ? null : round((now - Number(meanOfWindows)) / deviation),
  };
}

function round(value: number): number {
  return Math.sign(value) * (Math.round(Math.abs(value) * 10_000) / 10_000);
}
