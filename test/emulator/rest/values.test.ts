import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { BigQuery } from '@google-cloud/bigquery';
import { rejection, type TestEmulator, withEmulator } from './with-emulator.ts';

describe('values on the wire', () => {
  let emulator: TestEmulator;
  let bq: BigQuery;
  before(async () => {
    emulator = await withEmulator();
    bq = emulator.client();
  });
  after(() => emulator[Symbol.asyncDispose]());

  // Type, parameter value, and the raw text of the cell that comes back.
  const scalars: [string, unknown, string][] = [
    ['INT64', '9223372036854775807', '9223372036854775807'],
    ['INT64', '-9223372036854775808', '-9223372036854775808'],
    ['FLOAT64', 0.1, '0.1'],
    ['FLOAT64', 3, '3.0'],
    ['FLOAT64', 'NaN', 'NaN'],
    ['FLOAT64', '-Infinity', '-Infinity'],
    ['FLOAT64', 1e300, '1e+300'],
    ['BOOL', true, 'true'],
    ['STRING', 'it\'s "ünï" \n 🙂', 'it\'s "ünï" \n 🙂'],
    ['STRING', '', ''],
    ['BYTES', 'AP/+', 'AP/+'],
    ['DATE', '0001-01-01', '0001-01-01'],
    ['DATE', '9999-12-31', '9999-12-31'],
    ['TIME', '23:59:59.999999', '23:59:59.999999'],
    ['TIME', '01:02:03', '01:02:03'],
    ['DATETIME', '2026-02-28T12:00:00.000001', '2026-02-28T12:00:00.000001'],
    ['DATETIME', '1969-12-31 23:59:59', '1969-12-31T23:59:59'],
    ['TIMESTAMP', '2026-02-28 12:00:00.123456+00:00', '1772280000123456'],
    ['TIMESTAMP', '2026-02-28T04:00:00-08:00', '1772280000000000'],
    ['TIMESTAMP', '1969-12-31T23:59:59.5Z', '-500000'],
    [
      'NUMERIC',
      '12345678901234567890123456789.123456789',
      '12345678901234567890123456789.123456789',
    ],
    ['NUMERIC', '-1.50', '-1.5'],
    ['NUMERIC', '100', '100'],
    ['BIGNUMERIC', '0.12345678901234567890', '0.1234567890123456789'],
    ['JSON', '{"a":[1,null]}', '{"a":[1,null]}'],
    ['INTERVAL', '1-2 3 -4:5:6.5', '1-2 3 -4:5:6.500'],
  ];

  for (const [type, value, cell] of scalars)
    test(`${type} ${JSON.stringify(value)} comes back as it went`, async () => {
      assert.equal(await rawCell(type, value), cell);
    });

  test('a NULL of every type keeps its type', async () => {
    for (const type of new Set(scalars.map(([type]) => type))) {
      const { body } = await select({ type }, {});
      assert.deepEqual(body.rows, [{ f: [{ v: null }] }], type);
      assert.equal(body.schema.fields[0].type, schemaNames[type] ?? type);
    }
  });

  test('timestamps are float seconds unless the request asks for microseconds or ISO text', async () => {
    const query = {
      query:
        "SELECT TIMESTAMP '2026-02-28 12:00:00.25+00' t, [TIMESTAMP '1970-01-01 00:00:01+00'] a",
      useLegacySql: false,
    };
    const cellsFor = async (formatOptions: object) => {
      const { body } = await emulator.call('POST', '/projects/p-1/queries', {
        ...query,
        formatOptions,
      });
      return body.rows[0].f;
    };
    assert.deepEqual(await cellsFor({}), [{ v: '1.77228000025E9' }, { v: [{ v: '1.0' }] }]);
    assert.deepEqual(await cellsFor({ useInt64Timestamp: true }), [
      { v: '1772280000250000' },
      { v: [{ v: '1000000' }] },
    ]);
    assert.deepEqual(await cellsFor({ timestampOutputFormat: 'ISO8601_STRING' }), [
      { v: '2026-02-28T12:00:00.250000Z' },
      { v: [{ v: '1970-01-01T00:00:01Z' }] },
    ]);
  });

  test('the client sees arrays, structs and arrays of structs', async () => {
    const params = { ids: [1, 2], who: { name: 'ann', age: 7 }, rows: [{ a: 1, b: 'x' }] };
    const [rows] = await bq.query({
      query: 'SELECT @ids AS ids, @who AS who, @rows AS r, ARRAY<STRING>[] AS none',
      params,
    });
    assert.deepEqual(rows, [{ ids: [1, 2], who: params.who, r: params.rows, none: [] }]);
  });

  test('an empty array parameter of a given type matches nothing', async () => {
    const [rows] = await bq.query({
      query: 'SELECT COUNT(*) AS n FROM shop.orders WHERE id IN UNNEST(@ids)',
      params: { ids: [] },
      types: { ids: ['INT64'] },
    });
    assert.deepEqual(rows, [{ n: 0 }]);
  });

  test('positional parameters go by their order', async () => {
    const [rows] = await bq.query({
      query: 'SELECT id FROM shop.orders WHERE country = ? AND id > ?',
      params: ['US', 1],
    });
    assert.deepEqual(rows, [{ id: 2 }]);
  });

  test('integers beyond 2^53 are exact with wrapIntegers', async () => {
    const [rows] = await bq.query({
      query: 'SELECT 9007199254740993 AS x, SUM(y) AS s FROM UNNEST([9007199254740993, 1]) AS y',
      wrapIntegers: true,
    });
    assert.equal(rows[0].x.value, '9007199254740993');
    assert.equal(rows[0].s.value, '9007199254740994');
  });

  test('a null inside an array of the result is an error, as in BigQuery', async () => {
    const error = await rejection(bq.query('SELECT [1, NULL] AS a'));
    assert.equal(error.reason, 'invalidQuery');
    assert.match(error.message, /Array cannot have a null element; error in writing field a/);
  });

  const wrong: [string, unknown][] = [
    ['INT64', '9223372036854775808'],
    ['INT64', '1.5'],
    ['DATE', '2026-02-30'],
    ['TIME', '24:00:00'],
    ['TIMESTAMP', 'yesterday'],
    ['NUMERIC', '1.0000000001'],
    ['BOOL', 'yes'],
    ['JSON', '{'],
    ['GEOGRAPHY', 'POINT(1 1)'],
    ['INT65', '1'],
  ];

  for (const [type, value] of wrong)
    test(`${type} ${JSON.stringify(value)} is refused by the parameter's name`, async () => {
      const { status, body } = await select({ type }, { value });
      assert.ok(status === 400 || status === 501, `status ${status}`);
      assert.match(body.error.message, /parameter x/);
    });

  async function rawCell(type: string, value: unknown): Promise<unknown> {
    const { status, body } = await select({ type }, { value });
    assert.equal(status, 200, JSON.stringify(body));
    return body.rows[0].f[0].v;
  }

  function select(parameterType: object, parameterValue: object) {
    return emulator.call('POST', '/bigquery/v2/projects/my-project/queries', {
      query: 'SELECT @x AS x',
      useLegacySql: false,
      parameterMode: 'NAMED',
      queryParameters: [{ name: 'x', parameterType, parameterValue }],
      formatOptions: { useInt64Timestamp: true },
    });
  }
});

const schemaNames: Record<string, string> = {
  INT64: 'INTEGER',
  FLOAT64: 'FLOAT',
  BOOL: 'BOOLEAN',
  // Without a value there are no digits to count.
  BIGNUMERIC: 'NUMERIC',
};
