import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { clientGone } from '../../../gateway/http/client-gone.ts';
import { until } from '../../until.ts';
import { rawSocket } from './raw-socket.ts';
import { withServer } from './with-server.ts';

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';

describe('the signal that the client is gone', () => {
  test('aborts when the connection ends before the answer, for every request that waits on it', async () => {
    const signals: AbortSignal[] = [];
    await using gateway = await withServer((_request, response) => {
      signals.push(clientGone(response));
    });
    using raw = await rawSocket(gateway.url);
    raw.write(GET + GET);
    await until(() => signals.length === 2);
    assert.deepEqual(aborted(signals), [false, false]);
    raw.socket.destroy();
    await until(() => signals.every((signal) => signal.aborted));
    await until(() => gateway.open.size === 0);
  });

  test('stays as it is when the answer was given, and leaves no listener on a connection that is kept', async () => {
    const signals: AbortSignal[] = [];
    const listeners = new Set<number>();
    await using gateway = await withServer((request, response) => {
      signals.push(clientGone(response));
      listeners.add(request.socket.listenerCount('close'));
      response.end('ok');
    });
    using raw = await rawSocket(gateway.url);
    for (let count = 1; count <= 20; count++) {
      raw.write(GET);
      await until(() => raw.text().match(/ok/g)?.length === count);
    }
    assert.equal(listeners.size, 1);
    raw.socket.destroy();
    await until(() => gateway.open.size === 0);
    assert.deepEqual(new Set(aborted(signals)), new Set([false]));
  });

  test('is aborted from the start when he was gone already', async () => {
    const { promise, resolve } = Promise.withResolvers<AbortSignal>();
    await using gateway = await withServer((_request, response) => {
      response.once('close', () => setImmediate(() => resolve(clientGone(response))));
    });
    using raw = await rawSocket(gateway.url);
    raw.write(GET);
    await until(() => gateway.open.size === 1);
    raw.socket.destroy();
    assert.equal((await promise).aborted, true);
  });
});

function aborted(signals: readonly AbortSignal[]): boolean[] {
  return signals.map((signal) => signal.aborted);
}
