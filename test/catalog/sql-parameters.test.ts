import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sqlParameters } from '../../shared/catalog/sql-parameters.ts';

describe('the parameters of a SQL text', () => {
  const cases: readonly [claim: string, sql: string, names: string[]][] = [
    ['are found once each', 'SELECT @a, @b WHERE x = @a', ['a', 'b']],
    ['keep their case', 'SELECT @userId', ['userId']],
    ['may touch punctuation', 'SELECT f(@a)+@b,@c;', ['a', 'b', 'c']],
    ['are found in UNNEST and LIMIT', 'SELECT x IN UNNEST(@ids) LIMIT @limit', ['ids', 'limit']],
    ['are not in line comments', 'SELECT 1 -- @a\n# @b\n, @c', ['c']],
    ['are not in block comments', 'SELECT /* @a\n @b */ @c', ['c']],
    ['are not in strings', `SELECT '@a', "@b", @c`, ['c']],
    ['are not in strings with escaped quotes', String.raw`SELECT 'it\'s @a', @b`, ['b']],
    ['are not in raw strings', String.raw`SELECT r'\d@a', @b`, ['b']],
    ['are not in triple-quoted strings', `SELECT '''it's\n@a''', """@b""", @c`, ['c']],
    ['are not in quoted names', 'SELECT `@a`.x, @b', ['b']],
    ['are found after a string that holds a comment mark', `SELECT '--', @a`, ['a']],
    ['are found after a comment that holds a quote', "SELECT 1 -- it's\n, @a", ['a']],
    ['are no system variables', 'SELECT @@project_id, @a', ['a']],
    ['are none where there are none', 'SELECT 1', []],
  ];
  for (const [claim, sql, names] of cases)
    test(claim, () => assert.deepEqual([...sqlParameters(sql)], names));
});
