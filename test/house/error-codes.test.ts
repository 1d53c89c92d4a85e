import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { ERROR_CODES } from '../../shared/error-codes.ts';
import { readText } from './source-files.ts';

type Row = Readonly<Record<string, string>>;

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
  test('reads a table row by row, so that a missing or a changed row is seen', () => {
    const table = '| code | status |\n|---|---|\n| `a` | 400 |\n| `b` | 500 |\n';
    assert.deepEqual(tableRows(table), [
      { code: '`a`', status: '400' },
      { code: '`b`', status: '500' },
    ]);
  });
});

/** The rows of the only table of a page, by its column heads. */
function tableRows(text: string): Row[] {
  const [heads = [], , ...body] = text
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );
  return body.map((cells) => Object.fromEntries(heads.map((head, at) => [head, cells[at] ?? ''])));
}
