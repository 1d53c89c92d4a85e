import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { readCursor, writeCursor } from '../../gateway/answer/page.ts';

const hex = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => Buffer.from(bytes).toString('hex'));

describe('a cursor', () => {
  test('comes back as it was written, for its own list only', () => {
    fc.assert(
      fc.property(hex, hex, fc.nat(), fc.nat(), (own, other, asOf, offset) => {
        fc.pre(own !== other);
        const text = writeCursor({ fingerprint: own, asOf, offset });
        assert.match(text, /^[\w-]+$/);
        assert.deepEqual(readCursor(text, [other, own]), { fingerprint: own, asOf, offset });
        assert.equal(readCursor(text, [other]), undefined);
        assert.equal(readCursor(text, []), undefined);
      }),
    );
  });

  test('of any other text is none, and never an error', () => {
    fc.assert(
      fc.property(fc.string(), hex, (text, own) => {
        assert.equal(readCursor(text, [own]), undefined);
      }),
    );
    const own = 'a'.repeat(64);
    const forged = [
      [own, 0, 0],
      ['', 0, 0],
      ['a'.repeat(16), 0, -1],
      ['a'.repeat(16), 0, 0.5],
      ['a'.repeat(16), 0],
      null,
      {},
    ];
    for (const value of forged) {
      const text = Buffer.from(JSON.stringify(value)).toString('base64url');
      assert.equal(readCursor(text, [own]), undefined, JSON.stringify(value));
    }
  });
});
