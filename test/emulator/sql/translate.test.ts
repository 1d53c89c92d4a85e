import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SqlSyntaxError, UnsupportedSql } from '../../../emulator/sql/sql-error.ts';
import { translate } from '../../../emulator/sql/translate.ts';

describe('translate', () => {
  test('the same text gives the same translation, out of the cache', () => {
    assert.equal(translate('SELECT 1 AS cached'), translate('SELECT 1 AS cached'));
  });

  test('the cache forgets the oldest texts, so its size is bounded', () => {
    const sql = (marker: number): string => `SELECT '${'x'.repeat(500_000)}' AS c${marker}`;
    const first = translate(sql(0));
    for (let marker = 1; marker <= 9; marker += 1) translate(sql(marker));
    assert.notEqual(translate(sql(0)), first);
  });

  test('named parameters are listed once, lower-cased, in order of first use', () => {
    const { parameters, statements } = translate('SELECT @B, @a, @b, "@c"');
    assert.deepEqual(parameters, ['b', 'a']);
    assert.match(statements[0] ?? '', /\$p_b.*\$p_a.*\$p_b/);
  });

  test('positional parameters are numbered', () => {
    const { parameters, statements } = translate('SELECT ?, ?');
    assert.deepEqual(parameters, ['1', '2']);
    assert.match(statements[0] ?? '', /\$p_1.*\$p_2/);
  });

  test('a script gives its statements in order', () => {
    const { statements } = translate('CREATE TEMP FUNCTION f(x INT64) AS (x); SELECT f(1);');
    assert.equal(statements.length, 2);
    assert.match(statements[0] ?? '', /MACRO/);
  });

  test('a function defined in one text is unknown in the next', () => {
    translate('CREATE TEMP FUNCTION mine(x INT64) AS (x); SELECT mine(1)');
    assert.throws(() => translate('SELECT mine(1)'), /Function not found: mine at \[1:8\]/);
  });

  test('what BigQuery refuses is a SqlSyntaxError with its place', () => {
    assert.throws(
      () => translate('SELECT 1,\n  FOO(2)'),
      (error) => error instanceof SqlSyntaxError && error.line === 2 && error.column === 3,
    );
  });

  test('what only the emulator lacks is an UnsupportedSql with the name of the feature', () => {
    assert.throws(
      () => translate('SELECT ST_AREA(x) FROM t'),
      (error) => error instanceof UnsupportedSql && error.feature === 'The function ST_AREA',
    );
  });

  test('nothing to run is a syntax error', () => {
    for (const sql of ['', '  -- nothing', ';'])
      assert.throws(() => translate(sql), SqlSyntaxError);
  });
});
