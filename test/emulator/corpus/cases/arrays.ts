import { gives, type Topic, yields } from '../corpus-case.ts';

export const arrays: Topic = {
  title: 'Arrays and structs',
  cases: [
    gives(
      'comma UNNEST',
      'SELECT id, tag FROM ds.orders, UNNEST(tags) AS tag ORDER BY id, tag',
      'id,tag',
      [
        [1, 'a'],
        [1, 'b'],
        [2, 'b'],
        [5, 'a'],
        [5, 'a'],
        [5, 'c'],
      ],
    ),
    gives(
      'UNNEST WITH OFFSET',
      'SELECT tag, off FROM ds.orders CROSS JOIN UNNEST(tags) AS tag WITH OFFSET AS off WHERE id = 5 ORDER BY off',
      'tag,off',
      [
        ['c', 0],
        ['a', 1],
        ['a', 2],
      ],
    ),
    gives(
      'UNNEST WITH OFFSET without a name',
      "SELECT x, offset FROM UNNEST(['p', 'q']) AS x WITH OFFSET ORDER BY offset",
      'x,offset',
      [
        ['p', 0],
        ['q', 1],
      ],
    ),
    gives(
      'LEFT JOIN UNNEST',
      'SELECT id, tag FROM ds.orders LEFT JOIN UNNEST(tags) AS tag WHERE id IN (2, 3, 4) ORDER BY id',
      'id,tag',
      [
        [2, 'b'],
        [3, null],
        [4, null],
      ],
    ),
    gives(
      'an array path of the table',
      'SELECT o.id, t FROM ds.orders AS o, o.tags AS t WHERE o.id = 1 ORDER BY t',
      'id,t',
      [
        [1, 'a'],
        [1, 'b'],
      ],
    ),
    gives('UNNEST without a name', 'SELECT * FROM UNNEST([1, 2]) ORDER BY 1', 'f0_', [[1], [2]]),
    gives(
      'UNNEST of structs',
      "SELECT x.a, x.b FROM UNNEST([STRUCT(1 AS a, 'p' AS b), STRUCT(2, 'q')]) AS x ORDER BY x.a",
      'a,b',
      [
        [1, 'p'],
        [2, 'q'],
      ],
    ),
    gives(
      'UNNEST of structs shows their fields',
      "SELECT a, b FROM UNNEST([STRUCT(1 AS a, 'p' AS b), STRUCT(2, 'q')]) ORDER BY a",
      'a,b',
      [
        [1, 'p'],
        [2, 'q'],
      ],
    ),
    gives(
      'UNNEST of typed structs',
      "SELECT k, v FROM UNNEST(ARRAY<STRUCT<k STRING, v INT64>>[('a', 1), ('b', 2)]) ORDER BY k",
      'k,v',
      [
        ['a', 1],
        ['b', 2],
      ],
    ),
    gives(
      'IN UNNEST(column)',
      "SELECT id FROM ds.orders WHERE 'a' IN UNNEST(tags) ORDER BY id",
      'id',
      [[1], [5]],
    ),
    gives(
      'EXISTS over UNNEST',
      "SELECT id FROM ds.orders WHERE EXISTS (SELECT 1 FROM UNNEST(tags) AS t WHERE t = 'c')",
      'id',
      [[5]],
    ),
    gives(
      'a subquery over UNNEST',
      "SELECT id, (SELECT COUNT(*) FROM UNNEST(tags) AS t WHERE t = 'a') AS n FROM ds.orders WHERE id IN (1, 5) ORDER BY id",
      'id,n',
      [
        [1, 1],
        [5, 2],
      ],
    ),
    gives(
      'ARRAY(subquery)',
      'SELECT ARRAY(SELECT UPPER(t) FROM UNNEST(tags) AS t ORDER BY t) AS u FROM ds.orders WHERE id = 5',
      'u',
      [[['A', 'A', 'C']]],
    ),
    gives(
      'ARRAY(SELECT AS STRUCT)',
      'SELECT ARRAY(SELECT AS STRUCT x AS a, x * 2 AS b FROM UNNEST([1, 2]) AS x ORDER BY x) AS s',
      's',
      [
        [
          [
            { a: 1, b: 2 },
            { a: 2, b: 4 },
          ],
        ],
      ],
    ),
    yields('ARRAY_LENGTH', 'SELECT ARRAY_LENGTH([1, 2, 3]), ARRAY_LENGTH([])', [3, 0]),
    gives(
      'OFFSET, ORDINAL, SAFE_OFFSET, SAFE_ORDINAL',
      'SELECT tags[OFFSET(0)] AS o, tags[ORDINAL(1)] AS r, tags[SAFE_OFFSET(9)] AS so, tags[SAFE_ORDINAL(9)] AS sr, tags[1] AS i FROM ds.orders WHERE id = 5',
      'o,r,so,sr,i',
      [['c', 'c', null, null, 'a']],
    ),
    yields(
      'ARRAY_CONCAT, ARRAY_REVERSE',
      "SELECT ARRAY_CONCAT(['a'], ['b', 'c'], ['d']), ARRAY_REVERSE([1, 2, 3])",
      [
        ['a', 'b', 'c', 'd'],
        [3, 2, 1],
      ],
    ),
    yields(
      'ARRAY_TO_STRING',
      "SELECT ARRAY_TO_STRING(['a', NULL, 'c'], '-'), ARRAY_TO_STRING(['a', NULL, 'c'], '-', '?')",
      ['a-c', 'a-?-c'],
    ),
    yields(
      'ARRAY_FIRST, ARRAY_LAST',
      'SELECT ARRAY_FIRST([4, 5, 6]), ARRAY_LAST([4, 5, 6])',
      [4, 6],
    ),
    yields(
      'GENERATE_ARRAY',
      'SELECT GENERATE_ARRAY(1, 5), GENERATE_ARRAY(0, 10, 4), GENERATE_ARRAY(5, 1, -2), GENERATE_ARRAY(2, 1)',
      [[1, 2, 3, 4, 5], [0, 4, 8], [5, 3, 1], []],
    ),
    yields('GENERATE_ARRAY of FLOAT64', 'SELECT GENERATE_ARRAY(0, 1, 0.5)', [[0, 0.5, 1]]),
    yields(
      'GENERATE_DATE_ARRAY',
      "SELECT GENERATE_DATE_ARRAY('2024-01-30', '2024-02-01'), GENERATE_DATE_ARRAY(DATE '2024-01-01', DATE '2024-01-15', INTERVAL 1 WEEK)",
      [
        ['2024-01-30', '2024-01-31', '2024-02-01'],
        ['2024-01-01', '2024-01-08', '2024-01-15'],
      ],
    ),
    yields(
      'GENERATE_TIMESTAMP_ARRAY',
      "SELECT GENERATE_TIMESTAMP_ARRAY(TIMESTAMP '2024-01-01', TIMESTAMP '2024-01-01 02:00:00', INTERVAL 1 HOUR)",
      [['2024-01-01T00:00:00.000Z', '2024-01-01T01:00:00.000Z', '2024-01-01T02:00:00.000Z']],
    ),
    yields('typed arrays', 'SELECT ARRAY<INT64>[1, 2], ARRAY<STRING>[]', [[1, 2], []]),
    gives('STRUCT', "SELECT STRUCT(1 AS a, 'x' AS b) AS s", 's', [[{ a: 1, b: 'x' }]]),
    gives(
      'a field of a struct',
      'SELECT item.sku, o.item.price FROM ds.orders AS o WHERE id = 1',
      'sku,price',
      [['s1', 1.5]],
    ),
    gives('a field of a struct constructor', "SELECT STRUCT(1 AS a, 'x' AS b).b", 'b', [['x']]),
    gives('STRUCT<…>(…)', "SELECT STRUCT<x INT64, y STRING>(1, 'q') AS s", 's', [
      [{ x: 1, y: 'q' }],
    ]),
    gives(
      'a struct names its columns',
      'SELECT STRUCT(id, name) AS s FROM ds.people WHERE id = 1',
      's',
      [[{ id: 1, name: 'Ada' }]],
    ),
    gives('SELECT AS STRUCT in a subquery', 'SELECT (SELECT AS STRUCT 1 AS a, 2 AS b) AS s', 's', [
      [{ a: 1, b: 2 }],
    ]),
    gives(
      'structs are compared by position',
      "SELECT id FROM ds.orders WHERE STRUCT(country, customer) = STRUCT('US', 'bob') OR STRUCT(id, customer) IN (STRUCT(3, 'ann'), STRUCT(4, 'x')) ORDER BY id",
      'id',
      [[2], [3]],
    ),
    gives(
      'an outermost SELECT AS STRUCT spreads its fields',
      'SELECT AS STRUCT 1 AS a, 2 AS b',
      'a,b',
      [[1, 2]],
    ),
    gives('NULL arrays come back empty', 'SELECT tags FROM ds.orders WHERE id IN (3, 4)', 'tags', [
      [[]],
      [[]],
    ]),
    {
      name: 'OFFSET outside the array fails',
      sql: 'SELECT [1, 2][OFFSET(5)]',
      error: { reason: 'invalidQuery', message: /out of bounds/i },
      knownIssue: 'OFFSET and ORDINAL outside the array give NULL',
    },
  ],
};
