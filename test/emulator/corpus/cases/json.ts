import { gives, type Topic, yields } from '../corpus-case.ts';

export const json: Topic = {
  title: 'JSON',
  cases: [
    gives(
      'JSON_VALUE',
      "SELECT JSON_VALUE(meta, '$.k.v') AS v, JSON_VALUE(meta, '$.n') AS n, JSON_VALUE(meta, '$.k') AS k, JSON_VALUE(meta, '$.arr[1]') AS a FROM ds.orders WHERE id = 1",
      'v,n,k,a',
      [['x', '1', null, '2']],
    ),
    gives(
      'JSON_VALUE of nothing',
      "SELECT JSON_VALUE(meta, '$.nope') AS a, JSON_VALUE('no json', '$.a') AS b, JSON_VALUE(CAST(NULL AS STRING), '$') AS c FROM ds.orders WHERE id = 1",
      'a,b,c',
      [[null, null, null]],
    ),
    yields('JSON_VALUE of a bare value', `SELECT JSON_VALUE('"x"'), JSON_VALUE('true', '$')`, [
      'x',
      'true',
    ]),
    yields(
      'a key in brackets',
      `SELECT JSON_VALUE('{"a.b": {"c": 1}}', "$['a.b'].c"), JSON_VALUE('{"a.b": 2}', '$."a.b"')`,
      ['1', '2'],
    ),
    gives(
      'JSON_QUERY',
      "SELECT JSON_QUERY(meta, '$.k') AS k, JSON_QUERY(meta, '$.arr') AS a FROM ds.orders WHERE id = 1",
      'k,a',
      [['{"v":"x"}', '[1,2]']],
    ),
    gives(
      'JSON_EXTRACT, JSON_EXTRACT_SCALAR',
      "SELECT JSON_EXTRACT(meta, '$.k') AS k, JSON_EXTRACT_SCALAR(meta, '$.n') AS n FROM ds.orders WHERE id = 1",
      'k,n',
      [['{"v":"x"}', '1']],
    ),
    gives(
      'JSON_VALUE_ARRAY, JSON_QUERY_ARRAY',
      "SELECT JSON_VALUE_ARRAY(meta, '$.arr') AS v, JSON_QUERY_ARRAY(meta, '$.arr') AS q FROM ds.orders WHERE id = 1",
      'v,q',
      [
        [
          ['1', '2'],
          ['1', '2'],
        ],
      ],
    ),
    gives(
      'JSON in a predicate',
      "SELECT id FROM ds.orders WHERE JSON_VALUE(meta, '$.k.v') = 'y'",
      'id',
      [[2]],
    ),
    gives(
      'UNNEST of a JSON array',
      "SELECT CAST(x AS INT64) AS x FROM ds.orders, UNNEST(JSON_VALUE_ARRAY(meta, '$.arr')) AS x WHERE id = 1 ORDER BY x",
      'x',
      [[1], [2]],
    ),
    yields(
      'TO_JSON_STRING',
      "SELECT TO_JSON_STRING(STRUCT(1 AS a, 'x' AS b)), TO_JSON_STRING([1, 2]), TO_JSON_STRING('q'), TO_JSON_STRING(NULL)",
      ['{"a":1,"b":"x"}', '[1,2]', '"q"', 'null'],
    ),
    yields(
      'JSON_TYPE',
      `SELECT JSON_TYPE(JSON '{"a": 1}'), JSON_TYPE(PARSE_JSON('[1]')), JSON_TYPE(JSON '1'), JSON_TYPE(JSON '"x"'), JSON_TYPE(JSON 'true')`,
      ['object', 'array', 'number', 'string', 'boolean'],
    ),
    yields('JSON_VALUE of a JSON value', `SELECT JSON_VALUE(JSON '{"a": {"b": "c"}}', '$.a.b')`, [
      'c',
    ]),
    yields(
      'PARSE_JSON, TO_JSON',
      `SELECT TO_JSON_STRING(PARSE_JSON('{"a":1}')), TO_JSON_STRING(TO_JSON(STRUCT(1 AS a)))`,
      ['{"a":1}', '{"a":1}'],
    ),
    yields(
      'JSON_OBJECT, JSON_ARRAY',
      `SELECT TO_JSON_STRING(JSON_OBJECT('a', 1, 'b', 'x')), TO_JSON_STRING(JSON_ARRAY(1, 'x'))`,
      ['{"a":1,"b":"x"}', '[1,"x"]'],
    ),
    gives(
      'a field of a JSON value',
      `SELECT JSON_VALUE(j.a) AS a FROM (SELECT JSON '{"a": 1}' AS j)`,
      'a',
      [['1']],
    ),
    gives(
      'floating point in TO_JSON_STRING',
      'SELECT TO_JSON_STRING(STRUCT(1.0 AS a)) AS j',
      'j',
      [['{"a":1}']],
      { knownIssue: 'a whole FLOAT64 is written as 1.0' },
    ),
  ],
};
