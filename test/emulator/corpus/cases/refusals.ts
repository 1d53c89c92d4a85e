import { fails, type Topic } from '../corpus-case.ts';

export const refusals: Topic = {
  title: 'Refused by name',
  cases: [
    fails('a function that nobody has', 'SELECT FOO(1)', /Function not found: FOO at \[1:8\]/),
    fails(
      'a DuckDB function that BigQuery lacks',
      'SELECT list_value(1, 2)',
      /Function not found: list_value/,
    ),
    fails(
      'geography',
      'SELECT ST_GEOGPOINT(1, 2)',
      /ST_GEOGPOINT is not supported by the emulator/,
    ),
    fails(
      'machine learning',
      'SELECT * FROM ML.PREDICT(MODEL m, (SELECT 1))',
      /ML\.PREDICT is not supported by the emulator/,
    ),
    fails(
      'sketches',
      'SELECT HLL_COUNT.INIT(x) FROM UNNEST([1]) AS x',
      /HLL_COUNT\.INIT is not supported by the emulator/,
    ),
    fails(
      'pipe syntax',
      'FROM ds.orders |> WHERE id = 1',
      /Pipe syntax is not supported by the emulator/,
    ),
    fails(
      'pipe syntax after SELECT',
      'SELECT 1 AS x |> WHERE x = 1',
      /Pipe syntax is not supported by the emulator/,
    ),
    fails(
      'DECLARE',
      'DECLARE x INT64 DEFAULT 1; SELECT x',
      /Scripting \(DECLARE\) is not supported by the emulator/,
    ),
    fails(
      'BEGIN … END',
      'BEGIN SELECT 1; END',
      /Scripting \(BEGIN\) is not supported by the emulator/,
    ),
    fails(
      'MERGE',
      'MERGE ds.orders t USING ds.people s ON t.id = s.id WHEN MATCHED THEN DELETE',
      /MERGE is not supported by the emulator/,
    ),
    fails(
      'INFORMATION_SCHEMA',
      'SELECT table_name FROM ds.INFORMATION_SCHEMA.TABLES',
      /INFORMATION_SCHEMA is not supported by the emulator/,
    ),
    fails(
      'wildcard tables',
      'SELECT COUNT(*) FROM `ds.orders_*`',
      /A wildcard table is not supported by the emulator/,
    ),
    fails(
      'FOR SYSTEM_TIME AS OF',
      'SELECT * FROM ds.orders FOR SYSTEM_TIME AS OF CURRENT_TIMESTAMP()',
      /FOR SYSTEM_TIME AS OF is not supported by the emulator/,
    ),
    fails(
      'a JavaScript function',
      "CREATE TEMP FUNCTION f(x FLOAT64) RETURNS FLOAT64 LANGUAGE js AS 'return x'; SELECT f(1)",
      /another language is not supported by the emulator/,
    ),
    fails(
      'BIGNUMERIC',
      "SELECT CAST('1' AS BIGNUMERIC)",
      /BIGNUMERIC is not supported by the emulator/,
    ),
    fails(
      'NOT LIKE ANY',
      "SELECT 'a' NOT LIKE ANY ('a', 'b')",
      /NOT LIKE ANY is not supported by the emulator/,
    ),
    fails('the operator ^', 'SELECT 5 ^ 1', /operator \^ is not supported by the emulator/),
    fails(
      'system variables',
      'SELECT @@project_id',
      /@@project_id is not supported by the emulator/,
    ),
    fails(
      'a misspelt keyword',
      'SELEC 1',
      /Syntax error: Unexpected identifier "SELEC" at \[1:1\]/,
    ),
    fails(
      'an unfinished query',
      'SELECT 1 +',
      /Syntax error: Unexpected end of script at \[1:11\]/,
    ),
    fails('an unclosed bracket', 'SELECT (1', /Syntax error: .*at \[1:8\]/),
    fails('an unclosed string', "SELECT 'abc", /Syntax error: Unclosed string literal at \[1:8\]/),
    fails(
      'UPDATE without WHERE',
      'UPDATE ds.people SET name = "x"',
      /UPDATE must have a WHERE clause/,
    ),
    fails(
      'UNION without ALL or DISTINCT',
      'SELECT 1 UNION SELECT 2',
      /Syntax error: Expected keyword ALL or keyword DISTINCT/,
    ),
    fails('a cast with ::', 'SELECT 1::STRING', /Syntax error: Unexpected ":" at \[1:9\]/),
    fails('an unknown column', 'SELECT nope FROM ds.people', /Unrecognized name: nope/),
    {
      name: 'an unknown table',
      sql: 'SELECT 1 FROM ds.nobody',
      error: { reason: 'notFound', message: /Not found: Table .*nobody/ },
    },
    {
      name: 'a column twice in the result',
      sql: 'SELECT 1 AS a, 2 AS a',
      error: { reason: 'invalidQuery', message: /Duplicate column names in the result/ },
    },
  ],
};
