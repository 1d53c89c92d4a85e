import type { Thelook } from './open-thelook.ts';
import type { Row } from './with-warehouse.ts';

/** What is asked of the price alerts. */
export interface Asked {
  readonly by: 'product' | 'brand' | 'category';
  readonly window: '1d' | '7d' | '14d' | '28d';
  readonly minChangePercent: number;
  readonly minUnits: number;
  readonly direction?: 'any' | 'up' | 'down';
  readonly category?: string;
  readonly brand?: string;
}

/** The alerts of the windows that end at a moment, worked out from the question in plain DuckDB SQL and arithmetic. */
export async function expectedAlerts(thelook: Thelook, asked: Asked, at: Date): Promise<Row[]> {
  const compared = await thelook.rows(comparisonSql(asked), at);
  return compared
    .filter((row) => number(row, 'unitsNow') >= asked.minUnits)
    .filter((row) => number(row, 'unitsBefore') >= asked.minUnits)
    .map(alert)
    .filter(({ changePercent }) => changePercent !== 0)
    .filter(({ changePercent }) => Math.abs(changePercent) >= asked.minChangePercent)
    .filter(({ direction }) => [undefined, 'any', direction].includes(asked.direction))
    .sort(
      (a, b) => Math.abs(b.changePercent) - Math.abs(a.changePercent) || (a.key < b.key ? -1 : 1),
    );
}

const COLUMNS = {
  product: { key: 'p.id::VARCHAR', shown: 'p.id, p.name, p.brand, p.category' },
  brand: { key: 'p.brand', shown: 'NULL, p.brand, p.brand, NULL' },
  category: { key: 'p.category', shown: 'NULL, p.category, NULL, p.category' },
};

/** The window side by side with the four before it, one row per key. */
function comparisonSql({ by, window, category, brand }: Asked): string {
  const days = Number.parseInt(window, 10);
  return `
    WITH bounds AS (
      SELECT n, $at - to_days(${days} * (n + 1)::INTEGER) AS starts, $at - to_days(${days} * n::INTEGER) AS ends
      FROM range(5) AS numbers(n)
    ), sold AS (
      SELECT
        n, ${COLUMNS[by].key} AS key, any_value(row(${COLUMNS[by].shown})) AS shown,
        count(*) AS units, sum(round(sale_price * 100)::BIGINT)::BIGINT AS cents, cents / (100 * units) AS price
      FROM order_items AS i
      JOIN products AS p ON p.id = i.product_id
      JOIN bounds ON i.created_at >= starts AND i.created_at < ends
      WHERE i.status <> 'Cancelled'
        AND ${category === undefined ? 'true' : `p.category = '${category}'`}
        AND ${brand === undefined ? 'true' : `p.brand = '${brand}'`}
      GROUP BY n, key
    )
    SELECT
      now.key, now.shown[1] AS productId, now.shown[2] AS name, now.shown[3] AS brand, now.shown[4] AS category,
      '${window}' AS window, now.price AS priceNow, now.units AS unitsNow,
      sum(past.cents)::BIGINT / (100 * sum(past.units)::BIGINT) AS priceBefore, sum(past.units)::BIGINT AS unitsBefore,
      avg(past.price) AS meanOfWindows, stddev_samp(past.price) AS deviationOfWindows
    FROM sold AS now JOIN sold AS past ON past.key = now.key AND past.n > 0
    WHERE now.n = 0
    GROUP BY now.key, now.shown, now.price, now.units`;
}

function alert({ meanOfWindows, deviationOfWindows, ...row }: Row) {
  const now = number(row, 'priceNow');
  const past = number(row, 'priceBefore');
  const deviation = Number(deviationOfWindows ?? 0);
  const changePercent = round(100 * ((now - past) / past));
  return {
    ...row,
    key: String(row['key']),
    priceNow: round(now),
    priceBefore: round(past),
    changePercent,
    direction: changePercent > 0 ? ('up' as const) : ('down' as const),
    zScore: deviation < 0.01 ? null : round((now - Number(meanOfWindows)) / deviation),
  };
}

function number(row: Row, column: string): number {
  return Number(row[column]);
}

/** To four digits, halves away from zero. */
function round(value: number): number {
  return (Math.sign(value) * Math.round(Math.abs(value) * 10_000)) / 10_000;
}
