import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertRowsEqual } from '../catalog/assert-rows-equal.ts';
import type { Row } from '../catalog/with-warehouse.ts';
import {
  type AskedAlerts,
  expectedAlerts,
  expectedDrawdowns,
  expectedVolatility,
} from './expected-markets.ts';
import { type Example, withExample } from './with-example.ts';

let example: Example;
before(async () => {
  example = await withExample('markets', { table: 'sp500', file: 'sp500-2000.csv' });
});
after(async () => {
  await example[Symbol.asyncDispose]();
});

describe('alerts over twenty years of the S&P 500', () => {
  const standard = {
    period: 'week',
    minChangePercent: 5,
    direction: 'any',
    fromDay: '2000-01-01',
  } as const;
  const cases: readonly AskedAlerts[] = [
    standard,
    { ...standard, minChangePercent: 0 },
    { ...standard, period: 'month' },
    { ...standard, direction: 'up' },
    { ...standard, direction: 'down', fromDay: '2020-01-01' },
  ];
  for (const asked of cases)
    test(JSON.stringify(asked), async () => {
      const alerts = await example.ask('markets-alerts', { ...asked });
      assert.ok(alerts.length > 0);
      assertRowsEqual(alerts, await expectedAlerts(example, asked));
    });

  test('the largest is the week in which the pandemic closed the country', async () => {
    const [largest] = await example.ask('markets-alerts');
    assert.equal(largest?.['firstDay'], '2020-03-16');
    assert.equal(largest?.['direction'], 'down');
  });
});

test('pages of alerts put together are all alerts, in their order', async () => {
  const path = '/markets/alerts?period=month&minChangePercent=3&limit=20';
  const paged: Row[] = [];
  let cursor: string | undefined = '';
  let pages = 0;
  while (cursor !== undefined) {
    const { data, meta } = await example.get(`${path}&cursor=${cursor}`);
    paged.push(...(data['alerts'] ?? []));
    pages += 1;
    cursor = meta.nextCursor;
  }
  const asked = {
    period: 'month',
    minChangePercent: 3,
    direction: 'any',
    fromDay: '2000-01-01',
  } as const;
  assert.ok(pages > 2, `${pages} pages`);
  assertRowsEqual(paged, await expectedAlerts(example, asked));
});

describe('drawdowns of the S&P 500', () => {
  test('are the falls between one record and the next', async () => {
    const rows = await example.ask('markets-drawdowns', { minDepthPercent: 1, limit: 100 });
    assert.ok(rows.length > 20);
    assertRowsEqual(rows, await expectedDrawdowns(example, 1, 100));
  });

  test('include the one that was not made up for', async () => {
    const rows = await example.ask('markets-drawdowns', { minDepthPercent: 30 });
    assert.deepEqual(
      rows.map((row) => [row['peakDay'], row['recoveredDay']]),
      [
        ['2007-10-09', '2013-03-28'],
        ['2000-03-24', '2007-05-30'],
        ['2020-02-19', null],
      ],
    );
  });
});

describe('the volatility of the S&P 500', () => {
  test('is that of the 21 daily returns before the end of each month', async () => {
    const rows = await example.ask('markets-volatility');
    assert.equal(rows.length, 243);
    assertRowsEqual(rows, await expectedVolatility(example, '2000-01-01', '2099-12-31'));
  });

  test('sees the days before its first one', async () => {
    const range = { fromDay: '2008-10-01', toDay: '2008-12-15' };
    const rows = await example.ask('markets-volatility', range);
    assert.deepEqual(
      rows.map((row) => row['day']),
      ['2008-10-31', '2008-11-28', '2008-12-15'],
    );
    assertRowsEqual(rows, await expectedVolatility(example, range.fromDay, range.toDay));
  });
});

test('risk shows falls and volatility side by side', async () => {
  const { data } = await example.get('/markets/risk?fromDay=2019-01-01&limit=4');
  assertRowsEqual(data['drawdowns'] ?? [], await expectedDrawdowns(example, 5, 4));
  const months = await expectedVolatility(example, '2019-01-01', '2099-12-31');
  assertRowsEqual(data['volatility'] ?? [], months);
});
