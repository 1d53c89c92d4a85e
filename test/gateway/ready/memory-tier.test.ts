import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { createMemoryTier, type Given } from '../../../gateway/ready/memory-tier.ts';
import { createReadyMemory } from '../../../gateway/ready/ready-memory.ts';
import { noon } from '../answers.ts';
import { withServer } from '../http/with-server.ts';
import { freshPart, readyOf } from './ready-answers.ts';

/** A server whose routes answer 418, with an answer for `/a` in its memory. */
async function withTier({ rows = '[{"n":1}]', hears = true, now = noon } = {}) {
  const memory = createReadyMemory(10_000_000);
  const clock = { now: () => now };
  const given: Given[] = [];
  const ear = { hears: () => hears };
  const tier = createMemoryTier({
    memory,
    ear,
    clock,
    onNotEncoded: (encoding, error) => assert.fail(`${encoding}: ${String(error)}`),
    onGiven: (_kept, one) => given.push(one),
  });
  const app: RequestListener = (_request, response) => void response.writeHead(418).end();
  const server = await withServer(app, { tier });
  memory.keep('/a', readyOf(freshPart('a', 30, rows)), '/route');
  const ask = (headers: Record<string, string> = {}, path = '/a', method = 'GET') =>
    askRaw(server.url, path, { headers, method });
  return { memory, given, server, ask, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** As the bytes come: nothing is decoded. */
async function askRaw(
  url: string,
  path: string,
  options: { headers: Record<string, string>; method: string },
): Promise<RawAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<RawAnswer>();
  request(new URL(path, url), options, (response) => {
    const { statusCode: status = 0, headers } = response;
    buffer(response).then((body) => resolve({ status, headers, body }), reject);
  })
    .on('error', reject)
    .end();
  return promise;
}

describe('the memory tier', () => {
  test('answers what it has before any route sees it, as fresh as it is by now', async () => {
    await using it = await withTier();
    const { status, headers, body } = await it.ask({ 'X-Request-Id': 'mine' });
    assert.equal(status, 200);
    assert.equal(headers['age'], '30');
    assert.equal(headers['cache-status'], 'punctual; hit; ttl=570');
    assert.equal(headers['x-request-id'], 'mine');
    assert.match(String(headers['server-timing']), /^memory;dur=[\d.]+, total;dur=[\d.]+$/);
    const { data, meta } = JSON.parse(body.toString('utf8'));
    assert.deepEqual(data, { a: [{ n: 1 }] });
    assert.equal(meta.requestId, 'mine');
    assert.equal(meta.source, 'fresh');
    assert.equal(meta.ageSeconds, 30);
    assert.equal(it.given.length, 1);
  });

  test('gives every answer an id of its own', async () => {
    await using it = await withTier();
    const [one, other] = await Promise.all([it.ask(), it.ask({ 'X-Request-Id': 'not plain' })]);
    assert.ok(one.headers['x-request-id'] && other.headers['x-request-id']);
    assert.notEqual(one.headers['x-request-id'], other.headers['x-request-id']);
    assert.notEqual(other.headers['x-request-id'], 'not plain');
  });

  test('says 304 to whoever has the answer', async () => {
    await using it = await withTier();
    const { headers } = await it.ask();
    const again = await it.ask({ 'If-None-Match': String(headers['etag']) });
    assert.equal(again.status, 304);
    assert.equal(again.body.length, 0);
    assert.equal(again.headers['etag'], headers['etag']);
    assert.equal(again.headers['age'], '30');
    assert.equal((await it.ask({ 'If-None-Match': '"another"' })).status, 200);
  });

  test('compresses once for all, and tells each his own id inside', async () => {
    const rows = JSON.stringify(Array.from({ length: 500 }, (_, n) => ({ n, name: 'größe' })));
    await using it = await withTier({ rows });
    const ids = await Promise.all(
      ['a', 'b', 'c'].map(async (id) => {
        const { headers, body } = await it.ask({ 'Accept-Encoding': 'gzip', 'X-Request-Id': id });
        assert.equal(headers['content-encoding'], 'gzip');
        assert.equal(headers['content-length'], String(body.length));
        assert.equal(headers['vary'], 'Accept-Encoding');
        const { data, meta } = JSON.parse(gunzipSync(body).toString('utf8'));
        assert.equal(data.a.length, 500);
        return meta.requestId;
      }),
    );
    assert.deepEqual(ids, ['a', 'b', 'c']);
    const plain = await it.ask();
    assert.equal(plain.headers['content-encoding'], undefined);
    assert.equal(plain.headers['content-length'], String(plain.body.length));
    assert.deepEqual(JSON.parse(plain.body.toString('utf8')).data.a[0], { n: 0, name: 'größe' });
  });

  test('leaves to the routes what asks for anything else', async () => {
    await using it = await withTier();
    const others = await Promise.all([
      it.ask({ 'Cache-Control': 'no-cache' }),
      it.ask({ 'Request-Timeout': '2' }),
      it.ask({}, '/b'),
      it.ask({}, '/a?b=1'),
      it.ask({}, '/a', 'HEAD'),
      it.ask({}, '/a', 'POST'),
    ]);
    assert.deepEqual(
      others.map(({ status }) => status),
      [418, 418, 418, 418, 418, 418],
    );
  });

  test('gives nothing that is not fresh any more', async () => {
    await using it = await withTier({ now: noon + 570_000 });
    assert.equal((await it.ask()).status, 418);
    await using before = await withTier({ now: noon + 569_999 });
    assert.equal((await before.ask()).status, 200);
  });

  test('believes itself for a second at most while it hears nothing of newer entries', async () => {
    await using it = await withTier({ hears: false });
    const kept = it.memory.get('/a');
    assert.ok(kept);
    // However long a busy machine takes to ask.
    Object.assign(kept, { keptAtMs: performance.now() + 10_000 });
    assert.equal((await it.ask()).status, 200);
    Object.assign(kept, { keptAtMs: performance.now() - 1_000 });
    assert.equal((await it.ask()).status, 418);
  });

  test('answers nothing once the server ends its connections', async () => {
    await using it = await withTier();
    it.server.open.endConnections();
    assert.equal((await it.ask()).status, 418);
  });

  test('tells for how long the connection stays open, if it does', async () => {
    await using it = await withTier();
    const kept = await it.ask({ Connection: 'keep-alive' });
    assert.equal(kept.headers['connection'], 'keep-alive');
    assert.equal(kept.headers['keep-alive'], 'timeout=75');
    const tag = String(kept.headers['etag']);
    for (const more of [{}, { 'If-None-Match': tag }, { 'Accept-Encoding': 'gzip' }]) {
      const closed = await it.ask({ Connection: 'close', ...more });
      assert.equal(closed.headers['connection'], 'close');
      assert.equal(closed.headers['keep-alive'], undefined);
      assert.equal(closed.headers['etag'], tag);
    }
  });

  test('leaves no answer open that has left whole', async () => {
    await using it = await withTier();
    await Promise.all(Array.from({ length: 20 }, () => it.ask()));
    assert.equal(it.server.open.size, 0);
  });
});
