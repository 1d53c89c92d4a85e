import { fails, gives, type Topic, yields } from '../corpus-case.ts';

export const numbers: Topic = {
  title: 'Numbers, conversions and conditions',
  cases: [
    yields(
      'INT64 division gives FLOAT64',
      'SELECT 7 / 2, 4 / 2, DIV(7, 2), DIV(-7, 2), MOD(7, 2), MOD(-7, 2)',
      [3.5, 2, 3, -3, 1, -1],
    ),
    fails('division by zero', 'SELECT 1 / x FROM UNNEST([0]) AS x', /division by zero/i),
    gives(
      'division by a window',
      'SELECT id, 100 * qty / SUM(qty) OVER (PARTITION BY country) AS share FROM ds.orders WHERE id IN (2, 5) ORDER BY id',
      'id,share',
      [
        [2, 28.571428571428573],
        [5, 71.42857142857143],
      ],
    ),
    fails('MOD by zero', 'SELECT MOD(1, 0)', /division by zero/i),
    yields('SAFE_DIVIDE', 'SELECT SAFE_DIVIDE(1, 0), SAFE_DIVIDE(1, 4), SAFE_DIVIDE(NULL, 2)', [
      null,
      0.25,
      null,
    ]),
    yields('IEEE_DIVIDE', 'SELECT IEEE_DIVIDE(1, 0), IEEE_DIVIDE(-1, 0), IEEE_DIVIDE(20, 4)', [
      'Infinity',
      '-Infinity',
      5,
    ]),
    yields(
      'INT64 is 64 bits wide',
      'SELECT 1000000 * 1000000, 2147483647 + 1, x * 4000000000 FROM UNNEST([2]) AS x',
      [1000000000000, 2147483648, 8000000000],
    ),
    fails(
      'INT64 overflow',
      'SELECT x + 1 FROM UNNEST([9223372036854775807]) AS x',
      /overflow|out of range/i,
    ),
    yields(
      'SAFE_ADD, SAFE_SUBTRACT, SAFE_MULTIPLY, SAFE_NEGATE',
      'SELECT SAFE_ADD(x, 1), SAFE_SUBTRACT(5, 3), SAFE_MULTIPLY(x, 2), SAFE_NEGATE(4) FROM UNNEST([9223372036854775807]) AS x',
      [null, 2, null, -4],
    ),
    yields(
      'a decimal literal is FLOAT64',
      'SELECT 1.5, 0.1 + 0.2, 1e3, .5',
      [1.5, 0.30000000000000004, 1000, 0.5],
    ),
    yields(
      'NUMERIC is exact',
      "SELECT NUMERIC '0.1' + NUMERIC '0.2', CAST('1.50' AS NUMERIC), CAST(1 AS NUMERIC)",
      ['0.3', '1.5', '1'],
    ),
    yields('hexadecimal literals', 'SELECT 0xFF, -0x10', [255, -16]),
    yields(
      'ROUND goes away from zero',
      'SELECT ROUND(2.5), ROUND(-2.5), ROUND(1.2345, 2), ROUND(1234, -2)',
      [3, -3, 1.23, 1200],
    ),
    yields(
      'TRUNC, CEIL, FLOOR',
      'SELECT TRUNC(-1.7), TRUNC(1.789, 1), CEIL(1.2), FLOOR(-1.2)',
      [-1, 1.7, 2, -2],
    ),
    yields(
      'ABS, SIGN, SQRT, POW, EXP, LN, LOG, LOG10',
      'SELECT ABS(-3), SIGN(-2), SQRT(9), POW(2, 3), EXP(0), LN(1), LOG(1), LOG(8, 2), LOG10(100)',
      [3, -1, 3, 8, 1, 0, 0, 3, 2],
    ),
    yields(
      'GREATEST and LEAST with NULL',
      'SELECT GREATEST(1, 3, 2), LEAST(1, 3), GREATEST(1, NULL)',
      [3, 1, null],
    ),
    yields(
      'bit operators',
      'SELECT 6 & 3, 6 | 3, 1 << 4, 16 >> 2, ~0, BIT_COUNT(7)',
      [2, 7, 16, 4, -1, 3],
    ),
    yields(
      'RANGE_BUCKET',
      'SELECT RANGE_BUCKET(20, [0, 10, 20, 30]), RANGE_BUCKET(-1, [0, 10])',
      [3, 0],
    ),
    yields(
      'IS_NAN, IS_INF, NaN',
      "SELECT IS_NAN(CAST('nan' AS FLOAT64)), IS_INF(CAST('inf' AS FLOAT64))",
      [true, true],
    ),
    yields('RAND', 'SELECT RAND() BETWEEN 0 AND 1', [true]),
    yields(
      'CAST to INT64',
      "SELECT CAST('12' AS INT64), CAST(1.7 AS INT64), CAST(2.5 AS INT64), CAST(-2.5 AS INT64), CAST(TRUE AS INT64), CAST('0x1F' AS INT64)",
      [12, 2, 3, -3, 1, 31],
    ),
    fails('CAST of a bad number', "SELECT CAST('1.7' AS INT64)", /bad int64 value/i),
    yields(
      'CAST to STRING',
      "SELECT CAST(12 AS STRING), CAST(1.0 AS STRING), CAST(1.5 AS STRING), CAST(TRUE AS STRING), CAST(DATE '2024-01-02' AS STRING), CAST(NUMERIC '1.50' AS STRING)",
      ['12', '1', '1.5', 'true', '2024-01-02', '1.5'],
    ),
    yields(
      'CAST of a TIMESTAMP to STRING',
      "SELECT CAST(TIMESTAMP '2024-01-02 03:04:05.5' AS STRING), CAST(DATETIME '2024-01-02 03:04:05' AS STRING)",
      ['2024-01-02 03:04:05.5+00', '2024-01-02 03:04:05'],
    ),
    yields(
      'CAST to dates',
      "SELECT CAST('2024-01-02' AS DATE), CAST('2024-01-02 03:04:05' AS TIMESTAMP), CAST(TIMESTAMP '2024-01-02 03:04:05' AS DATE), CAST('2024-01-02T03:04:05' AS DATETIME), CAST(DATE '2024-01-02' AS TIMESTAMP)",
      [
        '2024-01-02',
        '2024-01-02T03:04:05.000Z',
        '2024-01-02',
        '2024-01-02T03:04:05',
        '2024-01-02T00:00:00.000Z',
      ],
    ),
    yields(
      'CAST to BOOL and FLOAT64',
      "SELECT CAST('true' AS BOOL), CAST(0 AS BOOL), CAST('1.25' AS FLOAT64), CAST(3 AS FLOAT64)",
      [true, false, 1.25, 3],
    ),
    yields(
      'SAFE_CAST',
      "SELECT SAFE_CAST('x' AS INT64), SAFE_CAST('1.7' AS INT64), SAFE_CAST('2024-13-01' AS DATE), SAFE_CAST('7' AS INT64)",
      [null, null, null, 7],
    ),
    yields(
      'CAST … FORMAT',
      "SELECT CAST(DATE '2024-01-05' AS STRING FORMAT 'YYYY/MM/DD'), CAST(DATETIME '2024-01-05 15:06:07' AS STRING FORMAT 'HH24:MI:SS')",
      ['2024/01/05', '15:06:07'],
    ),
    yields(
      'IF, IFNULL, NULLIF, COALESCE',
      "SELECT IF(1 > 0, 'y', 'n'), IFNULL(NULL, 2), NULLIF(1, 1), COALESCE(NULL, NULL, 3)",
      ['y', 2, null, 3],
    ),
    yields(
      'SAFE. functions',
      "SELECT SAFE.SUBSTR('foo', 0, -2), SAFE.PARSE_DATE('%Y-%m-%d', 'nope'), SAFE.LOG(8, 2)",
      [null, null, 3],
    ),
    fails('ERROR', "SELECT IF(1 = 1, ERROR('boom'), 1)", /boom/),
    gives(
      'a NUMERIC column',
      'SELECT num, num + 1 AS more FROM ds.orders WHERE id = 1',
      'num,more',
      [['1.1', '2.1']],
    ),
    gives(
      'NUMERIC division stays NUMERIC',
      "SELECT NUMERIC '1' / NUMERIC '4' AS q",
      'q',
      [['0.25']],
      { knownIssue: 'NUMERIC / NUMERIC gives FLOAT64' },
    ),
    gives(
      'AVG of NUMERIC stays NUMERIC',
      'SELECT AVG(num) AS a FROM ds.orders WHERE id < 3',
      'a',
      [['1.65']],
      { knownIssue: 'AVG of NUMERIC gives FLOAT64' },
    ),
    yields(
      'CAST to NUMERIC(p, s) rounds',
      "SELECT CAST('1.239' AS NUMERIC(10, 2)), CAST(2.5 AS NUMERIC(5))",
      ['1.24', '3'],
    ),
    yields('ROUND of NUMERIC stays NUMERIC', "SELECT ROUND(NUMERIC '1.255', 2)", ['1.26'], {
      knownIssue: 'ROUND, TRUNC, CEIL and FLOOR of NUMERIC give FLOAT64',
    }),
    gives('SUM of NUMERIC', 'SELECT SUM(num) AS s FROM ds.orders', 's', [['12.1']]),
  ],
};
