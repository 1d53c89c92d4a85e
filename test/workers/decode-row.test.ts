import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import type { JsonField } from '../../shared/catalog/parameter-types.ts';
import { InexactCell, rowDecoder } from '../../workers/thread/decode-row.ts';
import type { Field } from '../../workers/thread/warehouse-job.ts';

const asText: JsonField = { type: 'string' };
const asNumber: JsonField = { type: 'number' };

/** One cell of a type, declared as given, decoded. */
function decoded(type: string, v: unknown, declared?: JsonField, more: Partial<Field> = {}) {
  const fields = [{ name: 'c', type, ...more }];
  return rowDecoder(fields, declared ? { c: declared } : {})({ f: [{ v }] })['c'];
}
const refused = (type: string, v: unknown, declared?: JsonField) =>
  assert.throws(() => decoded(type, v, declared), InexactCell, `${type} ${String(v)}`);

describe('a cell of the warehouse', () => {
  test('that is an integer is exact or refused', () => {
    for (const type of ['INTEGER', 'INT64']) {
      assert.equal(decoded(type, '9007199254740991'), Number.MAX_SAFE_INTEGER);
      assert.equal(decoded(type, '-9007199254740991'), Number.MIN_SAFE_INTEGER);
      refused(type, '9007199254740992');
      refused(type, '9007199254740993');
      for (const text of ['', ' ', '1.5', '1e3', 'x', '0x1']) refused(type, text);
      assert.equal(decoded(type, '9223372036854775807', asText), '9223372036854775807');
    }
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (integer) => {
        const text = String(integer);
        if (Number.isSafeInteger(Number(integer)))
          assert.equal(BigInt(Number(decoded('INT64', text))), integer);
        else refused('INT64', text);
        assert.equal(decoded('INT64', text, asText), text);
      }),
    );
  });

  test('that is a float keeps every bit, and is refused where JSON has no word for it', () => {
    for (const text of ['NaN', 'Infinity', '-Infinity', 'inf', '', ' ', 'x'])
      refused('FLOAT64', text, asNumber);
    fc.assert(
      fc.property(fc.double({ noDefaultInfinity: true, noNaN: true }), (number) => {
        assert.equal(
          decoded('FLOAT', String(number), asNumber),
          number === 0 ? Number(String(number)) : number,
        );
      }),
    );
  });

  test('that is a decimal keeps its digits or is refused', () => {
    assert.equal(decoded('NUMERIC', '12.30', asNumber), 12.3);
    assert.equal(decoded('NUMERIC', '-0.000000001', asText), '-0.000000001');
    refused('NUMERIC', '0.12345678901234567891', asNumber);
    refused('BIGNUMERIC', '9007199254740993', asNumber);
    assert.equal(decoded('BIGNUMERIC', '9007199254740993', asText), '9007199254740993');
  });

  test('that is true or false is nothing else', () => {
    assert.equal(decoded('BOOL', 'true'), true);
    assert.equal(decoded('BOOLEAN', 'false'), false);
    for (const text of ['TRUE', '1', '']) refused('BOOL', text);
  });

  test('that is a timestamp keeps its microseconds, before 1970 too', () => {
    assert.equal(decoded('TIMESTAMP', '0'), '1970-01-01T00:00:00.000Z');
    assert.equal(decoded('TIMESTAMP', '1795132800123456'), '2026-11-20T00:00:00.123456Z');
    assert.equal(decoded('TIMESTAMP', '-1'), '1969-12-31T23:59:59.999999Z');
    refused('TIMESTAMP', '1.7951328E9');
  });

  test('that is null is null, whatever its type', () => {
    for (const type of [
      'INT64',
      'FLOAT64',
      'STRING',
      'BOOL',
      'TIMESTAMP',
      'NUMERIC',
      'JSON',
      'RECORD',
    ])
      assert.equal(decoded(type, null), null);
  });

  test('that repeats or nests is decoded inside', () => {
    const repeated = { mode: 'REPEATED' };
    assert.deepEqual(decoded('INT64', [{ v: '1' }, { v: '2' }], undefined, repeated), [1, 2]);
    assert.deepEqual(decoded('INT64', null, undefined, repeated), []);
    const fields = [{ name: 'n', type: 'INT64' }];
    assert.deepEqual(decoded('RECORD', { f: [{ v: '3' }] }, undefined, { fields }), { n: 3 });
    const many = [{ v: { f: [{ v: '4' }] } }];
    assert.deepEqual(decoded('STRUCT', many, undefined, { fields, ...repeated }), [{ n: 4 }]);
  });

  test('that is no text is refused, whatever its type, and so is one that nobody asked for', () => {
    for (const type of ['STRING', 'INT64', 'FLOAT64', 'DATE', 'BOOL', 'JSON'])
      for (const v of [{ text: '1' }, ['1'], 1, true]) refused(type, v, asText);
    const decode = rowDecoder([{ name: 'c', type: 'STRING' }], {});
    assert.throws(() => decode({ f: [{ v: 'x' }, { v: 'y' }] }), InexactCell);
  });

  test('that is kept as text is a number nevertheless', () => {
    for (const text of ['', 'x', '1.5', '1e3']) refused('INT64', text, asText);
    for (const text of ['', 'x', '1e3', '1.']) refused('NUMERIC', text, asText);
  });

  test('of a column to be left out is in no row, and moves no other', () => {
    const fields = ['a', 'key', 'b'].map((name) => ({ name, type: 'STRING' }));
    const decode = rowDecoder(fields, {}, 'key');
    assert.deepEqual(decode({ f: [{ v: 'x' }, { v: 'k' }, { v: 'y' }] }), { a: 'x', b: 'y' });
    assert.throws(() => decode({ f: [{ v: 'x' }, { v: 'k' }] }), InexactCell);
  });

  test('that is missing is no null', () => {
    const decode = rowDecoder(
      [
        { name: 'a', type: 'STRING' },
        { name: 'b', type: 'STRING' },
      ],
      {},
    );
    assert.throws(() => decode({ f: [{ v: 'x' }] }), InexactCell);
  });
});
