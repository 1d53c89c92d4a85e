import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import type { Query } from '../../shared/catalog/catalog.ts';
import { checkFallbacks } from '../../shared/catalog/check-fallbacks.ts';
import { checkQuery } from '../../shared/catalog/check-query.ts';
import { constant, from, type Shape } from '../../shared/catalog/define-query.ts';

const row = z.object({ name: z.string(), price: z.number() });

test('a fallback to a query with the same columns, or more, is right', () => {
  const wider = query('wider', { row: row.extend({ colour: z.string() }) });
  const asked = query('asked', { row, fallback: [to('wider'), constant()] });
  assert.deepEqual(check(wider, asked), []);
});

test('a query may fall back to an entry of its own', () => {
  assert.deepEqual(check(query('asked', { row, fallback: to('asked') })), []);
});

test('a fallback to a query that does not exist is named', () => {
  const asked = query('asked', { row, fallback: to('nowhere') });
  assert.deepEqual(check(asked), ['asked: falls back to nowhere, which is not in the catalog']);
});

test('every column that is missing or of another type is named', () => {
  const other = query('other', { row: z.object({ price: z.string() }) });
  const problems = check(other, query('asked', { row, fallback: to('other') }));
  assert.equal(problems.length, 2);
  assert.match(problems[0] ?? '', /asked.*other.*\bname\b/);
  assert.match(problems[1] ?? '', /asked.*other.*\bprice\b/);
});

test('a nullable column that is missing is named', () => {
  const other = query('other', { row: z.object({ name: z.string() }) });
  const asked = z.object({ name: z.string(), price: z.number().nullable() });
  assert.equal(check(other, query('asked', { row: asked, fallback: to('other') })).length, 1);
});

function to(name: string) {
  return from({ name, parameters: z.object({}) }, () => ({}));
}

function query(name: string, definition: { row: Shape; fallback?: unknown }): Query {
  const whole = { name, summary: name, parameters: z.object({}), ...definition };
  const checked = checkQuery(whole, 'SELECT 1');
  assert.ok(checked.ok);
  return checked.query;
}

function check(...queries: Query[]): string[] {
  return checkFallbacks(new Map(queries.map((one) => [one.name, one])));
}
