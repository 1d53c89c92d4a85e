import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { sliceRows } from '../../gateway/answer/slice-rows.ts';

describe('a slice of rows', () => {
  test('is what a slice of the array would be, whatever the rows', async () => {
    const rows = fc.array(fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.jsonValue()));
    await fc.assert(
      fc.asyncProperty(
        rows,
        fc.nat(12),
        fc.integer({ min: 1, max: 12 }),
        async (all, from, most) => {
          const json = Buffer.from(JSON.stringify(all));
          const slice = await sliceRows(json, from, most);
          const expected = JSON.parse(json.toString()).slice(from, from + most);
          assert.deepEqual(JSON.parse(slice.rows.toString()), expected);
          assert.equal(slice.isLast, from + most >= all.length);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('may end within quotes, backslashes and brackets', async () => {
    const all = ['\\', '"', '\\"', '],[', '{"a":[', { a: '}' }, [['"']], 'ü€😀'];
    const json = Buffer.from(JSON.stringify(all));
    for (let from = 0; from <= all.length; from++) {
      const { rows } = await sliceRows(json, from, 1);
      assert.deepEqual(JSON.parse(rows.toString()), all.slice(from, from + 1));
    }
  });

  test('leaves its turn to others while it looks for rows that stand far behind', async () => {
    const json = Buffer.from(
      JSON.stringify(Array.from({ length: 300_000 }, (_, n) => ({ n, text: 'row' }))),
    );
    let turns = 0;
    const count = setInterval(() => turns++, 1);
    const { rows, isLast } = await sliceRows(json, 299_999, 10);
    clearInterval(count);
    assert.equal(rows.toString(), '[{"n":299999,"text":"row"}]');
    assert.ok(isLast);
    assert.ok(turns > 0);
  });
});
