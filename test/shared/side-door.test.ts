import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openSideDoor, type SideDoorAnswer } from '../../shared/side-door.ts';
import { isPortFree } from '../../stack/port.ts';
import { getFrom } from '../get.ts';

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
