import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertRowsEqual } from './assert-rows-equal.ts';
import { type Asked, expectedAlerts } from './expected-alerts.ts';
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
  for (const by of ['product', 'brand', 'category'] as const)
    for (const window of ['1d', '7d', '14d', '28d'] as const)
      test(`by ${by} over ${window}`, async () => {
        const alerts = await checkedAlerts({ by, window, minChangePercent: 1, minUnits: 2 });
        if (window === '28d') assert.ok(alerts.length > 0, 'nothing was compared');
      });
});

describe('price alerts can be narrowed', () => {
  const asked = { by: 'brand', window: '28d', minChangePercent: 0, minUnits: 1 } as const;

  test('to a direction', async () => {
    for (const direction of ['up', 'down'] as const) {
      const alerts = await checkedAlerts({ ...asked, direction });
      assert.ok(alerts.length > 0);
      assert.ok(alerts.every((alert) => alert['direction'] === direction));
    }
  });

  test('to a category, and to a brand', async () => {
    const [largest] = await thelook.rows(
      'SELECT category, brand FROM products ORDER BY count(*) OVER (PARTITION BY category) DESC, brand LIMIT 1',
    );
    const category = String(largest?.['category']);
    const ofCategory = await checkedAlerts({ ...asked, by: 'product', category });
    assert.ok(ofCategory.length > 0);
    assert.ok(ofCategory.every((alert) => alert['category'] === category));

    const brand = String(ofCategory[0]?.['brand']);
    const ofBrand = await checkedAlerts({ ...asked, by: 'product', brand });
    assert.ok(ofBrand.length > 0);
    assert.ok(ofBrand.every((alert) => alert['brand'] === brand));
  });

  test('to nothing, by a name that nothing has', async () => {
    assert.deepEqual(await warehouse.ask('price-alerts', { ...asked, brand: "' OR TRUE --" }), []);
  });

  test('by a minimum of units on both sides', async () => {
    const alerts = await checkedAlerts({ ...asked, by: 'category', minUnits: 4 });
    assert.ok(alerts.length > 0);
    for (const side of ['unitsNow', 'unitsBefore'])
      assert.ok(alerts.every((alert) => Number(alert[side]) >= 4));
  });
});

/** The alerts, after they are found to be the expected ones. */
async function checkedAlerts(asked: Asked): Promise<Row[]> {
  const { alerts, expected } = await withinOneHour(async (hour) => ({
    alerts: await warehouse.ask('price-alerts', { ...asked }),
    expected: await expectedAlerts(thelook, asked, hour),
  }));
  assertRowsEqual(alerts, expected);
  return alerts;
}
