import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { describe, test } from 'node:test';
import { until } from '../../until.ts';
import { rawSocket, statusesIn } from './raw-socket.ts';
import { withServer } from './with-server.ts';

const GET = (path: string) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`;

describe('a server that drains', () => {
  test('answers what is under way and what comes on open connections, ending each, and then takes nothing more', async () => {
    const waiting: ServerResponse[] = [];
    await using gateway = await withServer((request, response) => {
      if (request.url === '/waits') waiting.push(response);
      else response.end('ok');
    });
    using slow = await rawSocket(gateway.url);
    slow.write(GET('/waits'));
    using kept = await rawSocket(gateway.url);
    kept.write(GET('/'));
    await until(() => waiting.length === 1 && kept.text().endsWith('ok'));
    assert.doesNotMatch(kept.text(), /connection: close/i);

    const drained = gateway.drain();
    kept.write(GET('/'));
    using late = await rawSocket(gateway.url);
    late.write(GET('/'));
    await Promise.all([kept.closed, late.closed]);
    assert.deepEqual(statusesIn(kept.text()), [200, 200]);
    assert.match(late.text(), /connection: close[^]*ok$/i);

    await until(() => !gateway.server.listening);
    await assert.rejects(rawSocket(gateway.url), { code: 'ECONNREFUSED' });
    waiting[0]?.end('at last');
    await Promise.all([drained, slow.closed]);
    assert.match(slow.text(), /connection: close[^]*at last$/i);
  });

  test('closes connections on which nothing is asked when the delay is over', async () => {
    await using gateway = await withServer((_request, response) => response.end('ok'), {
      delayMs: 50,
    });
    using kept = await rawSocket(gateway.url);
    kept.write(GET('/'));
    await until(() => kept.text().endsWith('ok'));
    await gateway.drain();
    await kept.closed;
  });

  test('does not wait when nobody is or was connected', async () => {
    await using gateway = await withServer((_request, response) => response.end('ok'), {
      delayMs: 600_000,
    });
    await gateway.drain();
    assert.equal(gateway.server.listening, false);
  });
});
