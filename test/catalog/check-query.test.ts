import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { z } from 'zod';
import { checkQuery } from '../../shared/catalog/check-query.ts';
import { constant, defineQuery, from, limit } from '../../shared/catalog/define-query.ts';

const SQL = 'SELECT name, price FROM t WHERE id = @id LIMIT @limit';
const right = {
  name: 'prices',
  summary: 'Prices.',
  parameters: z.object({ id: z.int(), limit: limit(1, 50, 4) }),
  row: z.object({ name: z.string(), price: z.number() }),
};

describe('a query that is right', () => {
  test('comes out with its policy in numbers, its types and no fallback', () => {
    const query = accepted(defineQuery(right));
    assert.equal(query.policy.timeoutMs, 15_000);
    assert.deepEqual(query.parameterTypes, { id: 'INT64', limit: 'INT64' });
    assert.deepEqual(query.fallbacks, []);
    assert.match(query.version, /^[0-9a-f]{12}$/);
  });

  test('refuses parameters that it does not declare', () => {
    const parsed = accepted(right).parameters.safeParse({ id: 1, colour: 'red' });
    assert.equal(parsed.success, false);
  });

  test('keeps its fallbacks in order, one or several', () => {
    const rows = constant({ name: 'Nothing', price: 0 });
    const entry = from(right, ({ id }: { id: number }) => ({ id }));
    assert.deepEqual(accepted({ ...right, fallback: rows }).fallbacks, [rows]);
    assert.deepEqual(accepted({ ...right, fallback: [entry, rows] }).fallbacks, [entry, rows]);
  });
});

describe('the version of a query', () => {
  const version = accepted(right).version;

  test('is the same for the same text', () => {
    assert.equal(accepted({ ...right }).version, version);
  });

  test('stays when only the policy, the summary or the fallback change', () => {
    const other = { ...right, summary: 'Other.', policy: { freshFor: '1h' }, fallback: constant() };
    assert.equal(accepted(other).version, version);
  });

  test('changes with the SQL, the parameters, the row and the transform', () => {
    const changed = [
      accepted(right, `${SQL} -- and more`),
      accepted({ ...right, parameters: z.object({ id: z.string(), limit: limit(1, 50, 4) }) }),
      accepted({ ...right, row: right.row.extend({ colour: z.string() }) }),
      accepted({ ...right, transform: (rows: object[]) => rows.toReversed() }),
    ].map((query) => query.version);
    assert.equal(new Set([version, ...changed]).size, 5);
  });
});

describe('a query that answers for many keys', () => {
  const batched = { ...right, batch: { by: 'id' } };

  test('takes an array of keys, 500 at most unless it says otherwise', () => {
    const query = accepted(defineQuery({ ...right, batch: { by: 'id' } }));
    assert.deepEqual(query.batch, { by: 'id', most: 500 });
    assert.deepEqual(query.parameterTypes, { id: ['INT64'], limit: 'INT64' });
    const words = { ...right.parameters.shape, id: z.enum(['a', 'b']) };
    const ofWords = accepted({
      ...right,
      parameters: z.object(words),
      batch: { by: 'id', most: 10_000 },
    });
    assert.equal(ofWords.batch?.most, 10_000);
    assert.deepEqual(ofWords.parameterTypes['id'], ['STRING']);
  });

  test('takes one key from its callers', () => {
    const { parameters } = accepted(batched);
    assert.equal(parameters.safeParse({ id: 7 }).success, true);
    assert.equal(parameters.safeParse({ id: [7] }).success, false);
  });

  test('has another version than one that does not, however many keys a job takes', () => {
    assert.notEqual(accepted(batched).version, accepted(right).version);
    const few = accepted({ ...right, batch: { by: 'id', most: 5 } });
    assert.equal(few.version, accepted(batched).version);
  });

  test('goes by a parameter that it declares', () => {
    assertProblems({ ...right, batch: { by: 'colour' } }, SQL, [/^batch\.by: .*colour.*declare/]);
    assertProblems({ ...right, batch: {} }, SQL, [/^batch\.by: /]);
  });

  test('goes by an integer or a string', () => {
    for (const id of [z.number(), z.boolean(), z.iso.date(), z.array(z.int())])
      assertProblems(withKey(id), SQL, [/^batch\.by: id is neither/]);
  });

  test('goes by a parameter that is always given', () => {
    assertProblems(withKey(z.int().default(1)), SQL, [/^batch\.by: id may be left out/]);
    assertProblems(withKey(z.int().optional()), SQL, [/^batch\.by: id may be left out/]);
    assertProblems(withKey(z.int().nullable()), SQL, [/^batch\.by: id may be null/]);
    assertProblems(withKey(z.string().nullable().default(null)), SQL, [
      /^batch\.by: id may be left out/,
      /^batch\.by: id may be null/,
    ]);
  });

  test('has room for 1 to 10,000 keys', () => {
    for (const most of [0, 10_001, 1.5])
      assertProblems({ ...right, batch: { by: 'id', most } }, SQL, [/^batch\.most: /]);
  });

  function withKey(id: z.ZodType) {
    return { ...right, parameters: right.parameters.extend({ id }), batch: { by: 'id' } };
  }
});

describe('the shapes of a query', () => {
  const { rowShape, parametersShape } = accepted(right);

  test('stay when the SQL and the transform change', () => {
    const transform = (rows: object[]) => rows.toReversed();
    const other = accepted({ ...right, transform }, `${SQL} -- and more`);
    assert.deepEqual([other.rowShape, other.parametersShape], [rowShape, parametersShape]);
  });

  test('change with what they are of, each by itself', () => {
    const row = accepted({ ...right, row: right.row.extend({ colour: z.string() }) });
    assert.notEqual(row.rowShape, rowShape);
    assert.equal(row.parametersShape, parametersShape);
    const parameters = z.object({ id: z.int(), limit: limit(1, 50, 5) });
    const standard = accepted({ ...right, parameters });
    assert.equal(standard.rowShape, rowShape);
    assert.notEqual(standard.parametersShape, parametersShape);
  });
});

describe('a query that is wrong has every problem named at once', () => {
  test('in what it exports', () => {
    assertProblems(
      {
        name: 'Bad Name',
        summary: '',
        parameters: {},
        row: 7,
        policy: { freshFor: 'soon' },
        colour: 1,
      },
      SQL,
      [
        /^name: .*kebab-case/,
        /^summary: /,
        /^parameters: .*z\.object/,
        /^row: .*z\.object/,
        /^policy\.freshFor: .*"soon"/,
        /colour/,
      ],
    );
  });

  test('between its parameters and its SQL', () => {
    const parameters = z.object({ id: z.int(), unused: z.string(), shape: z.object({}) });
    assertProblems({ ...right, parameters }, 'SELECT @id, @shape, @other, "@text"', [
      /^parameters\.unused: .*does not use @unused/,
      /^parameters\.shape: has no BigQuery type/,
      /^the SQL uses @other/,
    ]);
  });

  test('in its constant rows', () => {
    const fallback = constant({ name: 'Fine', price: 1 }, { name: 'Wrong', price: 'much' }, {});
    assertProblems({ ...right, fallback }, SQL, [
      /^fallback row 1: price: /,
      /^fallback row 2: name: .*price: /,
    ]);
  });

  test('when it is to be fresh by its tables, but its rows do not follow from them', () => {
    const sql = `${SQL} -- CURRENT_TIME\n AND day = CURRENT_DATE() AND RAND() < 1`;
    assertProblems({ ...right, policy: { freshWhile: 'tables-unchanged' } }, sql, [
      /^policy\.freshWhile: the SQL calls CURRENT_DATE, RAND, /,
    ]);
    assert.equal(checkQuery(right, sql).ok, true);
    assertProblems({ ...right, policy: { freshWhile: 'always' } }, SQL, [/^policy\.freshWhile: /]);
  });

  test('when its SQL is empty', () => {
    assertProblems({ ...right, parameters: z.object({}) }, ' \n', [/^the \.sql file is empty$/]);
  });

  test('when it is no definition at all', () => {
    for (const exported of [undefined, null, 'text', () => right])
      assert.equal(checkQuery(exported, SQL).ok, false);
  });
});

function accepted(definition: unknown, sql = SQL) {
  const checked = checkQuery(definition, sql);
  assert.ok(checked.ok, checked.ok ? '' : checked.problems.join('\n'));
  return checked.query;
}

function assertProblems(definition: unknown, sql: string, expected: readonly RegExp[]): void {
  const checked = checkQuery(definition, sql);
  const problems = checked.ok ? [] : checked.problems;
  assert.equal(problems.length, expected.length, problems.join('\n'));
  for (const pattern of expected)
    assert.ok(
      problems.some((problem) => pattern.test(problem)),
      `${pattern} is not among:\n${problems.join('\n')}`,
    );
}
