import { BigQuery } from '@google-cloud/bigquery';
import { gives, type Topic, yields } from '../corpus-case.ts';

export const parameters: Topic = {
  title: 'Parameters',
  cases: [
    gives(
      'named',
      'SELECT id FROM ds.orders WHERE country = @country AND qty >= @least ORDER BY id',
      'id',
      [[2], [5]],
      { parameters: { country: 'US', least: 2 } },
    ),
    gives('named, in another case', 'SELECT @Word AS w, @word AS v', 'w,v', [['x', 'x']], {
      parameters: { word: 'x' },
    }),
    gives(
      'positional',
      'SELECT id FROM ds.orders WHERE country = ? AND qty > ?',
      'id',
      [[2], [5]],
      { parameters: ['US', 1] },
    ),
    gives(
      'IN UNNEST(@array)',
      'SELECT id FROM ds.orders WHERE country IN UNNEST(@countries) ORDER BY id',
      'id',
      [[3], [4]],
      { parameters: { countries: ['DE', 'FR'] } },
    ),
    gives(
      'NOT IN UNNEST(@array)',
      'SELECT id FROM ds.orders WHERE id NOT IN UNNEST(@ids) ORDER BY id',
      'id',
      [[4], [5]],
      { parameters: { ids: [1, 2, 3] } },
    ),
    gives(
      'an empty array',
      'SELECT COUNT(*) AS n FROM ds.orders WHERE id IN UNNEST(@ids)',
      'n',
      [[0]],
      { parameters: { ids: [] }, types: { ids: ['INT64'] } },
    ),
    gives(
      'FROM UNNEST(@array)',
      'SELECT asked, COUNT(id) AS n FROM UNNEST(@ids) AS asked LEFT JOIN ds.orders ON id = asked GROUP BY asked ORDER BY asked',
      'asked,n',
      [
        [2, 1],
        [7, 0],
      ],
      { parameters: { ids: [7, 2] } },
    ),
    gives('FROM UNNEST of an empty array', 'SELECT asked FROM UNNEST(@ids) AS asked', 'asked', [], {
      parameters: { ids: [] },
      types: { ids: ['INT64'] },
    }),
    gives(
      'FROM UNNEST of a table and an array',
      'SELECT id, tag FROM ds.orders AS o, UNNEST(ARRAY_CONCAT(o.tags, @more)) AS tag WHERE id = 1 ORDER BY tag',
      'id,tag',
      [
        [1, 'a'],
        [1, 'b'],
        [1, 'z'],
      ],
      { parameters: { more: ['z'] } },
    ),
    gives(
      'an array of structs',
      'SELECT r.a, r.b FROM UNNEST(@rows) AS r ORDER BY r.a',
      'a,b',
      [
        [1, 'p'],
        [2, 'q'],
      ],
      {
        parameters: {
          rows: [
            { a: 1, b: 'p' },
            { a: 2, b: 'q' },
          ],
        },
      },
    ),
    gives('a struct', 'SELECT @s.a AS a', 'a', [[7]], {
      parameters: { s: { a: 7 } },
      knownIssue: 'the server cannot tell the type of a field of a struct parameter',
    }),
    gives('in LIMIT', 'SELECT id FROM ds.orders ORDER BY id LIMIT @n', 'id', [[1], [2]], {
      parameters: { n: 2 },
    }),
    gives(
      'a DATE with an interval',
      'SELECT COUNT(*) AS n FROM ds.orders WHERE d BETWEEN @from AND DATE_ADD(@from, INTERVAL @days DAY)',
      'n',
      [[2]],
      {
        parameters: { from: BigQuery.date('2024-01-05'), days: 30 },
        types: { from: 'DATE', days: 'INT64' },
      },
    ),
    gives('a TIMESTAMP', 'SELECT COUNT(*) AS n FROM ds.orders WHERE created < @at', 'n', [[2]], {
      parameters: { at: BigQuery.timestamp('2024-02-01T00:00:00Z') },
      types: { at: 'TIMESTAMP' },
    }),
    gives(
      'a typed NULL',
      'SELECT @missing IS NULL AS gone, IFNULL(@missing, 5) AS v',
      'gone,v',
      [[true, 5]],
      { parameters: { missing: null }, types: { missing: 'INT64' } },
    ),
    gives('NUMERIC', 'SELECT @n + 1 AS x', 'x', [['2.25']], {
      parameters: { n: '1.25' },
      types: { n: 'NUMERIC' },
    }),
    gives(
      'a name inside a string is no parameter',
      "SELECT '@country' AS a, CONCAT(@country, '@x') AS b",
      'a,b',
      [['@country', 'US@x']],
      { parameters: { country: 'US' } },
    ),
    yields('FLOAT64 and BOOL', 'SELECT @f * 2, NOT @b', [3, false], {
      parameters: { f: 1.5, b: true },
    }),
    {
      name: 'missing',
      sql: 'SELECT @nobody',
      error: { reason: 'invalidQuery', message: /nobody/i },
    },
  ],
};
