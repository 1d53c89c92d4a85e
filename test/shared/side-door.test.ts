import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { SideDoorAnswer } from '../../shared/side-door/answer.ts';
import { Refusal } from '../../shared/side-door/refusal.ts';
import { openSideDoor } from '../../shared/side-door.ts';
import { isPortFree } from '../../stack/port.ts';
import { getFrom } from '../get.ts';
import { assertRefused, send } from './send.ts';

const LOOPBACK = { host: '127.0.0.1', port: 0 };

describe('the side door', () => {
  test('answers its paths, with or without a query string, and nothing else', async () => {
    await using door = await openSideDoor(LOOPBACK, { '/healthz': () => text('up') });
    for (const path of ['/healthz', '/healthz?verbose=1']) {
      const answer = await getFrom(`${door.url}${path}`);
      assert.deepEqual([answer.status, answer.text], [200, 'up']);
      assert.equal(answer.headers.get('content-type'), 'text/plain');
    }
    for (const path of ['/', '/healthz/', '/toString', '/__proto__', '/%00'])
      assert.equal((await getFrom(`${door.url}${path}`)).status, 404, path);
  });

  test('answers 500 when an answer fails, at once or later, and goes on answering', async () => {
    await using door = await openSideDoor(LOOPBACK, {
      '/throws': () => {
        throw new Error('at once');
      },
      '/rejects': () => Promise.reject(new Error('later')),
      '/healthz': () => text('up'),
    });
    assert.equal((await getFrom(`${door.url}/throws`)).status, 500);
    assert.equal((await getFrom(`${door.url}/rejects`)).status, 500);
    assert.equal((await getFrom(`${door.url}/healthz`)).status, 200);
  });

  test('says where it listens, and rejects when somebody listens there already', async () => {
    await using door = await openSideDoor(LOOPBACK, {});
    const port = Number(new URL(door.url).port);
    assert.equal(door.url, `http://127.0.0.1:${port}`);
    await assert.rejects(openSideDoor({ ...LOOPBACK, port }, {}), { code: 'EADDRINUSE' });
  });

  test('tells methods apart, and says which are answered', async () => {
    await using door = await openSideDoor(LOOPBACK, {
      '/things/:name': ({ names }) => text(`a ${names['name']}`),
      'PUT /things/:name': async ({ names, json }) =>
        text(`${names['name']} is ${JSON.stringify(await json())}`),
      'POST /things': () => text('made'),
    });
    const thing = `${door.url}/things/red%2Fchair`;
    assert.equal((await getFrom(thing)).text, 'a red/chair');
    const put = await send(thing, 'PUT', '{"size":1}');
    assert.equal(put.text, 'red/chair is {"size":1}');
    const deleted = await send(thing, 'DELETE');
    assertRefused(deleted, 'method-not-allowed');
    assert.equal(deleted.headers.get('allow'), 'GET, HEAD, PUT');
    const made = await getFrom(`${door.url}/things`);
    assertRefused(made, 'method-not-allowed');
    assert.equal(made.headers.get('allow'), 'POST');
    for (const path of ['/things/', '/things/%E0%A4', '/things/a/b'])
      assertRefused(await getFrom(`${door.url}${path}`), 'not-found');
  });

  test('answers HEAD with the headers of GET and no body', async () => {
    await using door = await openSideDoor(LOOPBACK, { '/healthz': () => text('up') });
    const answer = await send(`${door.url}/healthz`, 'HEAD');
    assert.deepEqual([answer.status, answer.text], [200, '']);
    assert.equal(answer.headers.get('content-length'), '2');
  });

  test('reads bodies of JSON up to 64 kB and refuses every other', async () => {
    await using door = await openSideDoor(LOOPBACK, {
      'PUT /': async ({ json }) => text(typeof (await json())),
    });
    const put = (body: string | Uint8Array<ArrayBuffer>, headers?: Record<string, string>) =>
      send(door.url, 'PUT', body, headers);
    assert.equal((await put(JSON.stringify('x'.repeat(65_000)))).text, 'string');
    assertRefused(await put(JSON.stringify('x'.repeat(66_000))), 'body-too-large');
    assertRefused(await put('{"cut'), 'invalid-body');
    assertRefused(await put(''), 'invalid-body');
    assertRefused(await put(Uint8Array.of(0x22, 0xff, 0x22)), 'invalid-body');
    assertRefused(await put('{}', { 'content-type': 'text/plain' }), 'unsupported-media-type');
    assertRefused(await put('{}', { 'content-encoding': 'gzip' }), 'unsupported-media-type');
    assert.equal((await put('{}', { 'content-type': 'Application/JSON; a=b' })).text, 'object');
  });

  test('lets nobody in whom it is told not to, whatever he asks for', async () => {
    const admit = ({ path }: { path: string }) => {
      if (path !== '/open') throw new Refusal('unauthorized', 'Not you.');
    };
    await using door = await openSideDoor({ ...LOOPBACK, admit }, { '/open': () => text('open') });
    assert.equal((await getFrom(`${door.url}/open`)).status, 200);
    assertRefused(await getFrom(`${door.url}/elsewhere`), 'unauthorized');
  });

  test('closes while an answer is still awaited, and frees its port', async () => {
    const asked = Promise.withResolvers<void>();
    const door = await openSideDoor(LOOPBACK, {
      '/hangs': () => {
        asked.resolve();
        return new Promise<never>(() => {});
      },
    });
    const hanging = assert.rejects(getFrom(`${door.url}/hangs`));
    await asked.promise;
    await door[Symbol.asyncDispose]();
    await hanging;
    assert.equal(await isPortFree(Number(new URL(door.url).port), '127.0.0.1'), true);
  });
});

function text(body: string): SideDoorAnswer {
  return { status: 200, contentType: 'text/plain', body };
}
