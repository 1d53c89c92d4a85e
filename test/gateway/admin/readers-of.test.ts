import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readersOf } from '../../../gateway/admin/readers-of.ts';

const known = new Map([
  ['sales', { version: 'v', tables: ['my-project.shop.sales', 'my-project.shop.brands'] }],
  ['stock', { version: 'v', tables: ['other.shop.sales'] }],
  ['far', { version: 'v', tables: ['example.com:far.shop.sales'] }],
  ['changed', { version: 'v', tables: ['my-project.shop.colours'] }],
]);
const served = [...known.keys(), 'new'].map((name) => ({
  name,
  version: name === 'changed' ? 'v2' : 'v',
}));
const sure = served.filter(({ name, version }) => known.get(name)?.version === version);

test('the readers of a table are found by its name with or without the project', () => {
  const queriesOf = (table: string) => readersOf(table, known, sure).queries;
  assert.deepEqual(queriesOf('my-project.shop.sales'), ['sales']);
  assert.deepEqual(queriesOf('shop.sales'), ['far', 'sales', 'stock']);
  assert.deepEqual(queriesOf('example.com:far.shop.sales'), ['far']);
  assert.deepEqual(queriesOf('com:far.shop.sales'), []);
  assert.deepEqual(queriesOf('op.sales'), []);
  assert.deepEqual(queriesOf('shop.colours'), ['changed'], 'of another release');
});

test('whoever may read a table is among its readers, and named', () => {
  assert.deepEqual(readersOf('shop.brands', known, served), {
    queries: ['changed', 'new', 'sales'],
    unknown: ['changed', 'new'],
  });
});
