import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { admitBearer, isLoopback } from '../../../gateway/admin/admit.ts';

const TOKEN = 'sixteen-or-more-characters';

describe('the admin port', () => {
  const ask = (authorization: string | undefined, path = '/admin/v1/queries', token?: string) =>
    admitBearer(token)({
      method: 'GET',
      path,
      headers: authorization === undefined ? {} : { authorization },
    });

  test('lets everybody in while there is no token', () => {
    assert.doesNotThrow(() => ask(undefined));
    assert.doesNotThrow(() => ask('Bearer whatever'));
  });

  test('lets in who sends the token, and nobody else', () => {
    for (const given of [`Bearer ${TOKEN}`, `bearer ${TOKEN}`, `Bearer  ${TOKEN}`])
      assert.doesNotThrow(() => ask(given, '/admin/v1/queries', TOKEN), given);
    const wrong = [undefined, '', TOKEN, 'Bearer', 'Bearer ', `Basic ${TOKEN}`, `Bearer ${TOKEN}x`];
    for (const given of [...wrong, `Bearer ${TOKEN} ${TOKEN}`, `Bearer ${TOKEN.slice(1)}`])
      assert.throws(() => ask(given, '/admin/v1/queries', TOKEN), { code: 'unauthorized' }, given);
  });

  test('asks nobody for the token who only looks at health or metrics', () => {
    for (const path of ['/healthz', '/metrics', '/'])
      assert.doesNotThrow(() => ask(undefined, path, TOKEN));
  });

  test('knows which hosts only this machine can reach', () => {
    for (const host of ['127.0.0.1', '127.1.2.3', 'localhost', '::1'])
      assert.equal(isLoopback(host), true, host);
    for (const host of ['0.0.0.0', '::', '10.0.0.1', '127.0.0.1.example.org', 'example.org'])
      assert.equal(isLoopback(host), false, host);
  });
});
