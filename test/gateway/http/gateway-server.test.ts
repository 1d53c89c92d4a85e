import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { after, describe, test } from 'node:test';
import { until } from '../../until.ts';
import { exchange, rawSocket, statusesIn } from './raw-socket.ts';
import { withServer } from './with-server.ts';

const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';

describe('a connection to the gateway', { concurrency: true }, async () => {
  const seen: string[] = [];
  const app: RequestListener = (request, response) => {
    seen.push(`${request.method} ${request.url}`);
    if (request.url === '/begun') response.write('begun ');
    else response.end(`answer to ${request.url}`);
  };
  const gateway = await withServer(app, { maxConnections: 1_000 });
  after(() => gateway[Symbol.asyncDispose]());

  const refused = {
    'of no HTTP': ['what?\r\n\r\n', 400, 'malformed-request'],
    'with no host': ['GET /hostless HTTP/1.1\r\n\r\n', 400, 'malformed-request'],
    'with two hosts': [
      'GET /hosts HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n',
      400,
      'malformed-request',
    ],
    'with a length and chunks': [
      'GET /both HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nX',
      400,
      'malformed-request',
    ],
    'with two lengths': [
      'GET /lengths HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx',
      400,
      'malformed-request',
    ],
    'with chunks that are not the last coding': [
      'GET /coding HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n',
      400,
      'malformed-request',
    ],
    'with a folded header': [
      'GET /folded HTTP/1.1\r\nHost: a\r\nX-Long: one\r\n two\r\n\r\n',
      400,
      'malformed-request',
    ],
    'with a space before a colon': [
      'GET /space HTTP/1.1\r\nHost: a\r\nContent-Length : 3\r\n\r\nabc',
      400,
      'malformed-request',
    ],
    'with a bare line feed': ['GET /feed HTTP/1.1\nHost: a\nX: y\n\n', 400, 'malformed-request'],
    'with headers beyond 16 KiB': [
      `GET /large HTTP/1.1\r\nHost: a\r\nX-Large: ${'x'.repeat(20_000)}\r\n\r\n`,
      431,
      'request-too-large',
    ],
    'with a line beyond 16 KiB': [
      `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`,
      431,
      'request-too-large',
    ],
    'with an expectation': [
      'GET /expects HTTP/1.1\r\nHost: a\r\nExpect: miracles\r\n\r\n',
      417,
      'expectation-failed',
    ],
    'that wants a tunnel': [
      'CONNECT tunnel:443 HTTP/1.1\r\nHost: a\r\n\r\n',
      405,
      'method-not-allowed',
    ],
  } as const;
  for (const [name, [text, status, code]] of Object.entries(refused))
    test(`is refused with problem details and ended when its request is one ${name}`, async () => {
      const answer = await exchange(gateway.url, text);
      assert.deepEqual(statusesIn(answer), [status], answer);
      const [head = '', body = ''] = answer.split('\r\n\r\n');
      assert.match(head, /content-type: application\/problem\+json/i);
      assert.match(head, /connection: close/i);
      const problem = JSON.parse(body);
      assert.deepEqual([problem.code, problem.status], [code, status]);
      assert.match(head, new RegExp(`x-request-id: ${problem.requestId}`, 'i'));
      assert.ok(
        seen.every((one) => !/host|both|lengths|coding|folded|space|large|expect/.test(one)),
      );
    });

  test('is told to go on when it asks whether it may send a body', async () => {
    const answer = await exchange(
      gateway.url,
      'GET /goes-on HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx',
    );
    assert.deepEqual(statusesIn(answer), [100, 200]);
  });

  test('gets the answers to requests that it pipelines in their order', async () => {
    const paths = Array.from({ length: 50 }, (_, index) => `/pipelined-${index}`);
    const requests = paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
    using raw = await rawSocket(gateway.url);
    raw.write(requests.join(''));
    await until(() => raw.text().includes('answer to /pipelined-49'));
    const answered = [...raw.text().matchAll(/answer to (\/pipelined-\d+)/g)].map(
      ([, path]) => path,
    );
    assert.deepEqual(answered, paths);
  });

  test('is cut, and nothing written into the answer that has begun, when rubbish follows its request', async () => {
    using raw = await rawSocket(gateway.url);
    raw.write('GET /begun HTTP/1.1\r\nHost: a\r\n\r\n');
    await until(() => raw.text().includes('begun'));
    raw.write('rubbish\r\n\r\n');
    await raw.closed;
    assert.deepEqual(statusesIn(raw.text()), [200]);
    assert.doesNotMatch(raw.text(), /problem/);
  });

  test('is ended with 408 within 10 s when its headers come slowly, and so is one that says nothing', async () => {
    using silent = await rawSocket(gateway.url);
    using slow = await rawSocket(gateway.url);
    const startedMs = performance.now();
    slow.write('GET /slow HTTP/1.1\r\nHost: a\r\n');
    const drip = setInterval(() => slow.write('X: y\r\n'), 500);
    await Promise.all([silent.closed, slow.closed]);
    clearInterval(drip);
    const ms = performance.now() - startedMs;
    assert.deepEqual(statusesIn(slow.text()), [408]);
    assert.match(slow.text(), /"code":"request-timeout"/);
    assert.ok(ms >= 4_900, `took ${ms} ms`);
    assert.ok(!seen.includes('GET /slow'));
  });

  test('is closed when nothing has been heard on it for long, and not while something is', async () => {
    const silentMs = 1_000;
    await using impatient = await withServer(app, { silentMs });
    using silent = await rawSocket(impatient.url);
    using busy = await rawSocket(impatient.url);
    let isBusy = true;
    void busy.closed.then(() => (isBusy = false));
    const asking = setInterval(() => busy.write('GET /more HTTP/1.1\r\nHost: a\r\n\r\n'), 10);
    silent.write('GET /once HTTP/1.1\r\nHost: a\r\n\r\n');
    await silent.closed;
    assert.deepEqual(statusesIn(silent.text()), [200]);
    assert.ok(isBusy);
    clearInterval(asking);
    await busy.closed;
  });

  test('gets its answer before it has sent the body of a GET, and is ended when the body comes too slowly', async () => {
    using raw = await rawSocket(gateway.url);
    raw.write('GET /body HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nx');
    await until(() => raw.text().includes('answer to /body'));
    const drip = setInterval(() => raw.write('x'), 500);
    await raw.closed;
    clearInterval(drip);
    assert.deepEqual(statusesIn(raw.text()).slice(0, 1), [200]);
  });

  test('is answered while 500 others send nothing or hardly anything', async () => {
    const others = await Promise.all(Array.from({ length: 500 }, () => rawSocket(gateway.url)));
    for (const [index, other] of others.entries())
      if (index % 2 === 0) other.write('GET /hardly HTTP/1.1\r\n');
    const answer = await fetch(`${gateway.url}/control`);
    assert.equal(await answer.text(), 'answer to /control');
    for (const other of others) other[Symbol.dispose]();
  });
});

describe('a gateway that has all the connections that it takes', () => {
  test('drops the next one at once, says so, and serves those that it has', async () => {
    await using gateway = await withServer((_request, response) => response.end('ok'), {
      maxConnections: 2,
    });
    using first = await rawSocket(gateway.url);
    using second = await rawSocket(gateway.url);
    await until(() => connections(gateway.server, 2));
    using third = await rawSocket(gateway.url);
    await third.closed;
    assert.equal(third.text(), '');
    assert.deepEqual(gateway.faults, ['connection-dropped']);
    first.write(GET);
    await until(() => first.text().endsWith('ok'));
    second.socket.destroy();
    await until(() => connections(gateway.server, 1));
    using fourth = await rawSocket(gateway.url);
    fourth.write(GET);
    await until(() => fourth.text().endsWith('ok'));
  });
});

async function connections(
  server: Awaited<ReturnType<typeof withServer>>['server'],
  expected: number,
): Promise<boolean> {
  const count = await new Promise((resolve) =>
    server.getConnections((_error, count) => resolve(count)),
  );
  return count === expected;
}
