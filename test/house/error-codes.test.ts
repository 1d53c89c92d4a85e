import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { ERROR_CODES } from '../../shared/error-codes.ts';
import { readText } from './source-files.ts';
import { type Row, tableRows } from './table-rows.ts';

const expected = Object.entries(ERROR_CODES).map(([code, { status, retryable, fault }]) => ({
  code: `\`${code}\``,
  status: String(status),
  retryable: retryable ? 'yes' : 'no',
  'whose fault': fault,
}));
let rows: readonly Row[] = [];

before(async () => {
  rows = tableRows(await readText('docs/errors.md'));
});

describe('docs/errors.md', () => {
  test('has a row for every code, in the order of the code, and no other', () => {
    const facts = rows.map(({ 'when it happens': _when, 'what to do': _what, ...row }) => row);
    assert.deepEqual(facts, expected);
  });

  test('says of every code when it happens and what to do', () => {
    for (const row of rows)
      for (const column of ['when it happens', 'what to do'])
        assert.match(row[column] ?? '', /\w+ .*[.]$/, `${row['code']}: ${column}`);
  });
});

describe('the comparison', () => {
  test('reads tables row by row, padded or not, so that a missing or a changed row is seen', () => {
    const page = `
| code | status |
|---|---|
| \`a\` | 400 |

| code  | fault    |
| ----- | -------- |
| \`b\`   | caller   |
`;
    assert.deepEqual(tableRows(page), [
      { code: '`a`', status: '400' },
      { code: '`b`', fault: 'caller' },
    ]);
  });
});
