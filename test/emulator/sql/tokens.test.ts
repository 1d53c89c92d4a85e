import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SqlSyntaxError } from '../../../emulator/sql/sql-error.ts';
import { tokenize } from '../../../emulator/sql/tokens.ts';

const values = (sql: string): readonly string[] =>
  tokenize(sql)
    .filter((token) => token.kind !== 'end')
    .map((token) => token.value);

describe('tokenize', () => {
  test('comments of every kind vanish, strings that look like them stay', () => {
    assert.deepEqual(values("1 -- a\n+ 2 # b\n/* c */ '--x'"), ['1', '+', '2', '--x']);
  });

  test('string literals are decoded, raw ones are not', () => {
    assert.deepEqual(values(String.raw`'it\'s' "a'b" r'\d' '\u00e9\x41\101'`), [
      "it's",
      "a'b",
      String.raw`\d`,
      'éAA',
    ]);
  });

  test('triple-quoted strings may span lines and hold quotes', () => {
    assert.deepEqual(values('"""a "b"\nc""" + \'\'\'it\'s\'\'\''), ['a "b"\nc', '+', "it's"]);
  });

  test('a path is split at its dots, also before digits', () => {
    assert.deepEqual(values('a.b.1c'), ['a', '.', 'b', '.', '1', 'c']);
  });

  test('positions are 1-based lines and columns', () => {
    const token = tokenize('SELECT\n  nope').at(1);
    assert.deepEqual([token?.line, token?.column], [2, 3]);
  });

  test('an unclosed string is named where it opens', () => {
    assert.throws(
      () => tokenize("SELECT\n 'abc"),
      (error) => error instanceof SqlSyntaxError && error.line === 2 && error.column === 2,
    );
  });

  test('parameters are one token without their sign', () => {
    const [named, positional] = tokenize('@user_id ?');
    assert.deepEqual([named?.kind, named?.value], ['parameter', 'user_id']);
    assert.deepEqual([positional?.kind, positional?.text], ['parameter', '?']);
  });
});
