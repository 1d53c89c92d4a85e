import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { z } from 'zod';
import type { Query } from '../../shared/catalog/catalog.ts';
import { checkQuery } from '../../shared/catalog/check-query.ts';
import { checkWarming } from '../../shared/catalog/check-warm.ts';

const parameters = z.object({ userId: z.int().positive(), limit: z.int().default(4) });

function checked(warm: unknown, policy: object = {}) {
  return checkQuery(
    {
      name: 'asked',
      summary: 'Asked.',
      parameters,
      row: z.object({ userId: z.int(), limit: z.int() }),
      policy,
      warm,
    },
    'SELECT @userId AS userId, @limit AS `limit`',
  );
}

function query(warm: unknown, policy: object = {}): Query {
  const one = checked(warm, policy);
  assert.ok(one.ok, JSON.stringify(one));
  return one.query;
}

function problemsOf(warm: unknown): readonly string[] {
  const one = checked(warm);
  return one.ok ? [] : one.problems;
}

describe('what is warmed', () => {
  test('has its defaults filled in, and is no part of the version', () => {
    const { warm, version } = query({ sets: [{ userId: 1 }, { userId: 2, limit: 8 }] });
    assert.deepEqual(warm?.sets, [
      { userId: 1, limit: 4 },
      { userId: 2, limit: 8 },
    ]);
    assert.equal(warm?.learned, 0);
    assert.equal(query(undefined).version, version);
    assert.equal(query(undefined).warm, undefined);
  });

  test('is run so often that the next value is there before the last one is too old', () => {
    const everyMs = (policy: object) => query({ learned: 1 }, policy).warm?.everyMs;
    assert.equal(everyMs({ freshFor: '5m' }), 4 * 60_000);
    assert.equal(everyMs({ freshFor: '2s' }), 10_000);
    assert.equal(query({ learned: 1, every: '1h' }).warm?.everyMs, 3_600_000);
  });

  test('names every set that is none', () => {
    const problems = problemsOf({ sets: [{ userId: 1 }, { userId: 0 }, { userId: 1, size: 2 }] });
    assert.equal(problems.length, 2);
    assert.match(problems[0] ?? '', /^warm\.sets\.1\.userId: /);
    assert.match(problems[1] ?? '', /^warm\.sets\.2: .*size/);
  });

  test('is refused when it is out of bounds, or names nothing', () => {
    assert.match(problemsOf({ learned: 1, every: '9s' })[0] ?? '', /^warm\.every: .*10s/);
    assert.match(problemsOf({ learned: -1 })[0] ?? '', /^warm\.learned: /);
    assert.match(problemsOf({})[0] ?? '', /^warm: names nothing to warm/);
    const sets = Array.from({ length: 10_001 }, (_, userId) => ({ userId: userId + 1 }));
    assert.match(problemsOf({ sets })[0] ?? '', /^warm\.sets: .*10000/);
  });
});

describe('a warming query', () => {
  const check = (other: Query | undefined, from: object) => {
    const asked = query({ from });
    const queries = [asked, ...(other ? [other] : [])].map((one) => [one.name, one] as const);
    return checkWarming(new Map(queries));
  };
  const lister = (row: z.ZodObject): Query => {
    const definition = { name: 'lister', summary: 'Lists.', parameters: z.object({}), row };
    const one = checkQuery(definition, 'SELECT 1');
    assert.ok(one.ok);
    return one.query;
  };

  test('is right when one of its columns is named like a parameter', () => {
    const row = z.object({ userId: z.int(), visits: z.int() });
    assert.deepEqual(check(lister(row), { query: 'lister' }), []);
  });

  test('must exist, have such a column, and take what it is asked with', () => {
    assert.deepEqual(check(undefined, { query: 'lister' }), [
      'asked: is warmed from lister, which is not in the catalog',
    ]);
    const row = z.object({ user: z.int() });
    assert.match(check(lister(row), { query: 'lister' })[0] ?? '', /no column that is named/);
    const right = lister(z.object({ userId: z.int() }));
    const wrong = check(right, { query: 'lister', parameters: { top: 1 } });
    assert.match(wrong[0] ?? '', /asked: is warmed from lister, whose parameters are wrong: .*top/);
  });
});
