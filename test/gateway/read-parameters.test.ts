import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { z } from 'zod';
import { readParameters } from '../../gateway/http/read-parameters.ts';

const schema = z.strictObject({
  id: z.int().positive(),
  share: z.number().min(0).max(1).default(0.5),
  side: z.enum(['left', 'right']).optional(),
  open: z.boolean().default(false),
  day: z.iso.date().optional(),
  name: z.string().max(20).nullable().default(null),
  tags: z.array(z.int()).default([]),
});
const read = (query: string) => readParameters(schema, new URLSearchParams(query));
const parameters = (query: string) => {
  const result = read(query);
  assert.ok(result.ok, JSON.stringify(result));
  return result.parameters;
};
const problems = (query: string) => {
  const result = read(query);
  assert.ok(!result.ok, `accepted ${query}`);
  return result.problems;
};

describe('reading parameters', () => {
  test('gives each its type, and defaults to what is absent', () => {
    assert.deepEqual(
      parameters('id=7&share=0.25&side=left&open=true&day=2026-02-28&tags=1&tags=2'),
      {
        id: 7,
        share: 0.25,
        side: 'left',
        open: true,
        day: '2026-02-28',
        name: null,
        tags: [1, 2],
      },
    );
    assert.deepEqual(parameters('id=7'), { id: 7, share: 0.5, open: false, name: null, tags: [] });
  });

  test('takes an empty value for none', () => {
    assert.deepEqual(parameters('id=7&share=&name=&side='), parameters('id=7'));
    assert.equal(problems('id=')[0]?.got, 'nothing');
  });

  test('keeps text that looks like a number as text', () => {
    assert.equal(parameters('id=7&name=0042')['name'], '0042');
    assert.equal(parameters('id=7&name=true')['name'], 'true');
  });

  test('names every problem once, in the words of the schema', () => {
    const found = problems('id=0&share=2&side=up&open=yes&day=2026-02-30&name=&tags=x&more=1');
    assert.deepEqual(
      Object.fromEntries(found.map(({ parameter, expected }) => [parameter, expected])),
      {
        more: 'one of id, share, side, open, day, name, tags',
        id: 'a whole number above 0',
        share: 'a number from 0 up to 1',
        side: 'one of left, right',
        open: 'true or false',
        day: 'a date',
        tags: 'a list, each a whole number',
      },
    );
  });

  test('refuses numbers in any form but digits', () => {
    for (const text of [
      '1e3',
      '0x10',
      ' 1',
      '1_000',
      'Infinity',
      'NaN',
      '1.',
      '.5',
      '٣',
      '1'.repeat(400),
    ])
      assert.deepEqual(
        problems(`id=${encodeURIComponent(text)}`).map(({ parameter }) => parameter),
        ['id'],
        text,
      );
  });

  test('refuses an integer that a number does not hold, instead of rounding it', () => {
    assert.equal(problems('id=9007199254740993')[0]?.parameter, 'id');
    assert.equal(parameters('id=9007199254740991')['id'], 9_007_199_254_740_991);
  });

  test('refuses a value given twice, but not beside an empty one', () => {
    assert.deepEqual(problems('id=7&id=8'), [
      { parameter: 'id', expected: 'one value', got: '2 values' },
    ]);
    assert.equal(parameters('id=7&id=')['id'], 7);
  });

  test('shortens what it repeats of the caller', () => {
    const [problem] = problems(`id=${'9'.repeat(5_000)}`);
    assert.ok((problem?.got.length ?? 0) < 200);
    const [unknown] = problems(`id=1&${'n'.repeat(5_000)}=1`);
    assert.ok((unknown?.parameter?.length ?? 0) < 200);
  });

  test('says what is wrong with parameters that do not go together', () => {
    const range = z
      .object({ from: z.int(), to: z.int() })
      .refine(({ from, to }) => from <= to, 'from must not be above to');
    const result = readParameters(range, new URLSearchParams('from=3&to=1'));
    assert.ok(!result.ok);
    assert.deepEqual(result.problems, [
      { expected: 'from must not be above to', got: 'from=3&to=1' },
    ]);
  });
});
