import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { z } from 'zod';
import { checkEndpoint } from '../../shared/catalog/check-endpoint.ts';
import { ask } from '../../shared/catalog/define-endpoint.ts';
import { limit } from '../../shared/catalog/define-query.ts';

const prices = { name: 'prices', parameters: z.object({ id: z.int() }) };
const right = {
  path: '/shop/prices',
  summary: 'Prices.',
  parameters: z.object({ limit: limit(1, 50, 4), cursor: z.string().optional() }),
  parts: { prices: () => ask(prices, { id: 1 }) },
};

describe('an endpoint that is right', () => {
  test('is accepted, and refuses parameters that it does not declare', () => {
    const checked = checkEndpoint(right);
    assert.ok(checked.ok);
    assert.equal(checked.endpoint.parameters.safeParse({ colour: 'red' }).success, false);
    assert.deepEqual(checked.endpoint.parameters.parse({}), { limit: 4 });
  });

  test('may page one of its parts', () => {
    assert.deepEqual(problemsOf({ ...right, page: { part: 'prices' } }), []);
  });
});

describe('an endpoint that is wrong has every problem named at once', () => {
  test('in what it exports', () => {
    const wrong = { path: 'Shop', summary: '', parameters: {}, parts: { prices: 1 }, colour: 1 };
    assertNamed(wrong, ['path: ', 'summary: ', 'parameters: ', 'parts.prices: ', 'colour']);
  });

  test('when it has no part', () => {
    assertNamed({ ...right, parts: {} }, ['parts: expected at least one part']);
  });

  test('when it cannot page', () => {
    const wrong = { ...right, parameters: z.object({}), page: { part: 'colours' } };
    assertNamed(wrong, ['page.part: no part is named colours', 'named limit', 'named cursor']);
  });
});

function problemsOf(exported: unknown): readonly string[] {
  const checked = checkEndpoint(exported);
  return checked.ok ? [] : checked.problems;
}

function assertNamed(exported: unknown, expected: readonly string[]): void {
  const problems = problemsOf(exported);
  assert.equal(problems.length, expected.length, problems.join('\n'));
  for (const text of expected)
    assert.ok(
      problems.some((problem) => problem.includes(text)),
      `"${text}" is not among:\n${problems.join('\n')}`,
    );
}
