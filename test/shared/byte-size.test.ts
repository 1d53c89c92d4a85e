import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { parseByteSize } from '../../shared/byte-size.ts';

describe('a byte size', () => {
  test('is read in powers of ten', () => {
    assert.equal(parseByteSize('12B'), 12);
    assert.equal(parseByteSize('1KB'), 1_000);
    assert.equal(parseByteSize('500MB'), 500_000_000);
    assert.equal(parseByteSize('2GB'), 2_000_000_000);
    assert.equal(parseByteSize('1.5TB'), 1_500_000_000_000);
  });

  test('without a unit, with a sign or in another unit is none', () => {
    for (const text of ['12', '', 'GB', '-1GB', '1 GB', '1gb', '1GiB', '1PB', '1e3B'])
      assert.equal(parseByteSize(text), undefined, text);
  });

  test('that is larger than can be counted is none', () => {
    for (const digits of [17, 400])
      assert.equal(parseByteSize(`${'9'.repeat(digits)}GB`), undefined);
  });

  test('of any text is a whole number of bytes or none', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const bytes = parseByteSize(text);
        assert.ok(bytes === undefined || (Number.isInteger(bytes) && bytes >= 0));
      }),
    );
  });
});
