import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { volatileCalls } from '../../shared/catalog/volatile-calls.ts';

describe('the calls of a SQL text whose values do not follow from tables', () => {
  const cases: readonly [claim: string, sql: string, names: string[]][] = [
    ['are found with parentheses', 'SELECT CURRENT_TIMESTAMP()', ['CURRENT_TIMESTAMP']],
    ['are found without', 'SELECT x FROM t WHERE d < CURRENT_DATE', ['CURRENT_DATE']],
    [
      'are found in any case, each once',
      'SELECT current_time, Current_Time(), RAND()',
      ['CURRENT_TIME', 'RAND'],
    ],
    ['are found with a time zone', "SELECT CURRENT_DATETIME('UTC')", ['CURRENT_DATETIME']],
    ['are found before a space and behind SAFE', 'SELECT SAFE.rand ()', ['RAND']],
    ['are those of chance', 'SELECT GENERATE_UUID()', ['GENERATE_UUID']],
    ['are those that say who asks', 'SELECT SESSION_USER()', ['SESSION_USER']],
    ['are those of another database', 'SELECT * FROM EXTERNAL_QUERY("c", "q")', ['EXTERNAL_QUERY']],
    ['are not in strings', `SELECT 'CURRENT_DATE', "RAND()"`, []],
    ['are not in comments', 'SELECT 1 -- CURRENT_DATE()\n/* RAND() */ # SESSION_USER()', []],
    ['are not columns', 'SELECT t.current_date, rand, `current_time` FROM t', []],
    ['are not parts of names', 'SELECT my_current_date, current_dates, brand(1), @rand', []],
    ['are not parameters', 'SELECT @current_date', []],
  ];
  for (const [claim, sql, names] of cases)
    test(claim, () => assert.deepEqual(volatileCalls(sql), names));
});
