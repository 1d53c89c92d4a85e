import { gives, type Topic } from '../corpus-case.ts';

export const writes: Topic = {
  title: 'Statements that write',
  cases: [
    gives('CREATE TABLE … AS SELECT', 'SELECT * FROM ds.w1', 'id,d', [[1, '2024-01-01']], {
      before: [
        "CREATE OR REPLACE TABLE ds.w1 PARTITION BY d CLUSTER BY id AS SELECT 1 AS id, DATE '2024-01-01' AS d",
      ],
    }),
    gives(
      'CREATE TABLE with columns, INSERT … VALUES',
      'SELECT id, made, tags, s FROM ds.w2 ORDER BY id',
      'id,made,tags,s',
      [
        [1, '2024-01-01T00:00:00.000Z', ['a'], { a: 1, b: 'x' }],
        [2, null, [], null],
      ],
      {
        before: [
          'CREATE OR REPLACE TABLE ds.w2 (id INT64 NOT NULL, made TIMESTAMP, tags ARRAY<STRING>, s STRUCT<a INT64, b STRING>)',
          "INSERT INTO ds.w2 (id, made, tags, s) VALUES (1, TIMESTAMP '2024-01-01', ['a'], STRUCT(1 AS a, 'x' AS b)), (2, NULL, [], NULL)",
        ],
      },
    ),
    gives('INSERT without INTO, from a query', 'SELECT SUM(id) AS s FROM ds.w3', 's', [[3]], {
      before: [
        'CREATE OR REPLACE TABLE ds.w3 (id INT64)',
        'INSERT ds.w3 (id) SELECT x FROM UNNEST([1, 2]) AS x',
      ],
    }),
    gives('UPDATE', 'SELECT v FROM ds.w4 ORDER BY id', 'v', [['a'], ['b!']], {
      before: [
        "CREATE OR REPLACE TABLE ds.w4 AS SELECT 1 AS id, 'a' AS v UNION ALL SELECT 2, 'b'",
        "UPDATE ds.w4 SET v = CONCAT(v, '!') WHERE id = 2",
      ],
    }),
    gives('DELETE without FROM', 'SELECT x FROM ds.w5', 'x', [[1]], {
      before: [
        'CREATE OR REPLACE TABLE ds.w5 AS SELECT x FROM UNNEST([1, 2, 3]) AS x',
        'DELETE ds.w5 WHERE x > 1',
      ],
    }),
    gives('TRUNCATE TABLE', 'SELECT COUNT(*) AS n FROM ds.w6', 'n', [[0]], {
      before: ['CREATE OR REPLACE TABLE ds.w6 AS SELECT 1 AS x', 'TRUNCATE TABLE ds.w6'],
    }),
    gives('DROP TABLE IF EXISTS', 'SELECT 1 AS ok', 'ok', [[1]], {
      before: [
        'CREATE OR REPLACE TABLE ds.w7 AS SELECT 1 AS x',
        'DROP TABLE ds.w7',
        'DROP TABLE IF EXISTS ds.w7',
      ],
    }),
    gives(
      'CREATE TABLE from a mounted table, then UPDATE',
      'SELECT name FROM ds.people_copy WHERE id = 3',
      'name',
      [['Cyd']],
      {
        before: [
          'CREATE OR REPLACE TABLE ds.people_copy AS SELECT * FROM ds.people',
          "UPDATE ds.people_copy SET name = 'Cyd' WHERE id = 3",
        ],
      },
    ),
  ],
};
