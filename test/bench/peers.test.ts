import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { getOnce } from '../../bench/http/get-once.ts';
import { headerOf } from '../../bench/http/read-reply.ts';
import { startNodePeer } from '../../bench/peers/node-peer.ts';
import { peerList } from '../../bench/peers/peer-list.ts';
import { ensureRedisServer } from '../../stack/redis/install-server.ts';
import { type PrivateRedis, startPrivateRedis } from '../../stack/redis/private-redis.ts';

const TEXT = JSON.stringify({ data: ['ü€'.repeat(1_000)] });
const TAG = 'W/"abc"';
const { signal } = new AbortController();
const log = () => undefined;

/** What is copied: the same answer at every path, compressed at one of them, and a 304 for who has it. */
const original = createServer((request, response) => {
  response
    .setHeader('Content-Type', 'application/json; charset=utf-8')
    .setHeader('ETag', TAG)
    .setHeader('Age', '3');
  if (request.headers['if-none-match'] === TAG) response.writeHead(304).end();
  else if (request.url === '/zipped')
    response.setHeader('Content-Encoding', 'gzip').end(gzipSync(TEXT));
  else response.end(TEXT);
});
let origin = '';
let folder = '';
let redis: PrivateRedis;

before(async () => {
  await once(original.listen(0, '127.0.0.1'), 'listening');
  const address = original.address();
  assert.ok(address !== null && typeof address === 'object');
  origin = `http://127.0.0.1:${address.port}`;
  folder = await mkdtemp(join(tmpdir(), 'punctual-test-peers-'));
  const searchPath = process.env['PATH'] ?? '';
  const canInstall = process.getuid?.() === 0;
  const command = await ensureRedisServer({ searchPath, canInstall, say: log });
  redis = await startPrivateRedis({ command, role: 'cache', directory: folder, log });
});

after(async () => {
  await redis.stop();
  await rm(folder, { recursive: true, force: true });
  original.closeAllConnections();
  original.close();
});

function settingFor(path: string, headers: Readonly<Record<string, string>> = {}) {
  const copyOf = { url: `${origin}${path}`, headers };
  return { copyOf, redisUrl: `${redis.url}/1`, cores: undefined, signal };
}

describe('the peers', () => {
  for (const peer of peerList) {
    test(`${peer.name} gives the copied bytes, from its cache too, and a 304 to who has them`, async (t) => {
      const started = await peer.start(settingFor('/plain?a=b'));
      if (started === 'absent') return t.skip('not installed');
      await using running = started;
      const url = `${running.origin}/plain?a=b`;
      for (let times = 0; times < 3; times++) {
        const reply = await getOnce(url);
        assert.equal(reply.status, 200);
        assert.equal(reply.body.toString('utf8'), TEXT);
        assert.equal(headerOf(reply, 'content-type'), 'application/json; charset=utf-8');
        assert.equal(headerOf(reply, 'etag'), TAG);
      }
      const same = await getOnce(url, { 'if-none-match': TAG });
      assert.equal(same.status, 304);
      assert.equal(same.body.length, 0);
    });

    test(`${peer.name} gives compressed bytes as they are`, async (t) => {
      const headers = { 'accept-encoding': 'gzip' };
      const started = await peer.start(settingFor('/zipped', headers));
      if (started === 'absent') return t.skip('not installed');
      await using running = started;
      for (let times = 0; times < 3; times++) {
        const reply = await getOnce(`${running.origin}/zipped`, headers);
        assert.equal(headerOf(reply, 'content-encoding'), 'gzip');
        assert.ok(reply.body.equals(gzipSync(TEXT)));
      }
    });
  }

  test('the bare server repeats a 304, too', async () => {
    await using bare = await startNodePeer('bare', {}, settingFor('/x', { 'if-none-match': TAG }));
    const reply = await getOnce(`${bare.origin}/x`);
    assert.equal(reply.status, 304);
    assert.equal(headerOf(reply, 'etag'), TAG);
  });
});
