import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { acceptedEncoding } from '../../../gateway/ready/accepted-encoding.ts';

describe('Accept-Encoding', () => {
  const expected = {
    '': 'identity',
    gzip: 'gzip',
    'gzip, deflate, br, zstd': 'zstd',
    GZIP: 'gzip',
    zstd: 'zstd',
    'br, zstd': 'zstd',
    'gzip;q=0.5, zstd': 'zstd',
    'gzip;q=0, zstd;q=0': 'identity',
    'gzip;q=0': 'identity',
    '*': 'zstd',
    '*;q=0': 'identity',
    'zstd;q=0, *': 'gzip',
    'identity, gzip;q=0.5': 'identity',
    'identity;q=0.5, gzip': 'gzip',
    br: 'identity',
    'gzip;q=much': 'identity',
    'gzip ; q=0.8': 'gzip',
  } as const;
  for (const [header, encoding] of Object.entries(expected))
    test(`${JSON.stringify(header)} takes ${encoding}`, () =>
      assert.equal(acceptedEncoding(header), encoding));

  test('that is missing takes no compression', () =>
    assert.equal(acceptedEncoding(undefined), 'identity'));

  test('that is nonsense takes what it takes, without an error', () => {
    fc.assert(
      fc.property(fc.string(), (header) => {
        assert.ok(['identity', 'gzip', 'zstd'].includes(acceptedEncoding(header)));
        assert.equal(acceptedEncoding(header), acceptedEncoding(header));
      }),
    );
  });
});
