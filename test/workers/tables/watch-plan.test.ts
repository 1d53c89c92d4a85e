import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Obstacle, planWatch } from '../../../workers/tables/watch-plan.ts';
import { watchedQuery } from './watched-queries.ts';

/** What is planned for one query whose dry run has named these. */
function planFor(sql: string, reads: readonly string[]) {
  const query = watchedQuery('one', sql);
  const known = new Map([['one', { version: query.version, tables: reads }]]);
  return planWatch([query], known)[0];
}

describe('what is watched', () => {
  test('are the tables of queries whose policy says so', () => {
    const queries = [watchedQuery('watched'), watchedQuery('unwatched', undefined, {})];
    const known = new Map(
      queries.map(({ name, version }) => [name, { version, tables: ['p.shop.sales'] }]),
    );
    assert.deepEqual(planWatch(queries, known), [
      { name: 'watched', tables: ['p.shop.sales'], obstacle: undefined },
    ]);
  });

  test('is nothing while the tables are those of another version, or not known', () => {
    const query = watchedQuery('one');
    const other = new Map([['one', { version: 'another', tables: ['p.shop.sales'] }]]);
    for (const known of [other, new Map()])
      assert.deepEqual(planWatch([query], known), [
        { name: 'one', tables: [], obstacle: 'tables-unknown' },
      ]);
  });
});

describe('a query is fresh by time alone', () => {
  const cases: readonly [claim: string, sql: string, reads: string[], obstacle: Obstacle][] = [
    ['that reads no table', 'SELECT 1 AS id', [], 'no-tables'],
    ['with a wildcard', 'SELECT id FROM `p.shop.sales_*`', ['p.shop.sales_1'], 'wildcard'],
    ['whose wildcard is named', 'SELECT id FROM x', ['p.shop.sales_*'], 'wildcard'],
    [
      'over INFORMATION_SCHEMA',
      'SELECT id FROM shop.INFORMATION_SCHEMA.TABLES',
      ['p.shop.sales'],
      'metadata',
    ],
    ['over __TABLES__', 'SELECT id FROM shop.__TABLES__', ['p.shop.sales'], 'metadata'],
    [
      'with a stored function',
      'SELECT f.id(id) AS id FROM shop.sales',
      ['p.shop.sales', 'routine:p.f.id'],
      'routine',
    ],
  ];
  for (const [claim, sql, reads, obstacle] of cases)
    test(claim, () => assert.equal(planFor(sql, reads)?.obstacle, obstacle));

  test('and yet ends with what is seen to change', () => {
    const reads = ['p.shop.sales', 'routine:p.f.id', 'p.shop.days_*'];
    assert.deepEqual(planFor('SELECT 1 AS id', reads)?.tables, ['p.shop.sales']);
  });

  test('but not for a star that multiplies between quoted names', () => {
    const planned = planFor('SELECT `a` * `b` AS id FROM `shop.sales`', ['p.shop.sales']);
    assert.equal(planned?.obstacle, undefined);
  });
});
