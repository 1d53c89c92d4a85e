import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readAsked } from '../../../gateway/ready/asked.ts';

const NOTHING = {
  hosts: 0,
  requestId: undefined,
  ifNoneMatch: undefined,
  acceptEncoding: undefined,
  hasWishes: false,
};
const read = (...headers: readonly (readonly [string, string])[]) => readAsked(headers.flat());

describe('what a request asks beside its path', () => {
  test('is read whatever the case of its names', () => {
    const meant = {
      ...NOTHING,
      hosts: 1,
      requestId: 'r',
      ifNoneMatch: '"t"',
      acceptEncoding: 'gzip',
    };
    for (const as of [
      (name: string) => name,
      (name: string) => name.toLowerCase(),
      (name: string) => name.toUpperCase(),
    ])
      assert.deepEqual(
        read(
          [as('Host'), 'h'],
          [as('X-Request-Id'), 'r'],
          [as('If-None-Match'), '"t"'],
          [as('Accept-Encoding'), 'gzip'],
          [as('User-Agent'), 'u'],
          [as('Unknown'), 'u'],
        ),
        meant,
      );
  });

  test('is a wish where only the whole way can judge it', () => {
    for (const name of ['Cache-Control', 'Request-Timeout', 'cache-control', 'REQUEST-TIMEOUT'])
      assert.equal(read([name, '']).hasWishes, true, name);
  });

  test('is a wish where it is said twice: somebody else may read the other one', () => {
    for (const name of ['X-Request-Id', 'If-None-Match', 'Accept-Encoding'])
      assert.equal(read([name, 'a'], [name.toLowerCase(), 'a']).hasWishes, true, name);
  });

  test('counts hosts', () => {
    assert.equal(read(['Host', 'a'], ['host', 'a'], ['HOST', 'b']).hosts, 3);
    assert.deepEqual(read(), NOTHING);
  });
});
