import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Redis } from 'ioredis';
import { signalIfAlive } from '../../stack/child.ts';
import { isPortFree } from '../../stack/port.ts';
import type { RedisRole } from '../../stack/redis/flags.ts';
import { ensureRedisServer } from '../../stack/redis/install-server.ts';
import { type PrivateRedis, startPrivateRedis } from '../../stack/redis/private-redis.ts';

let folder = '';
let command = '';

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'punctual-redis-'));
  command = await ensureRedisServer({
    searchPath: process.env['PATH'] ?? '',
    canInstall: process.getuid?.() === 0,
    say: () => undefined,
  });
});
after(() => rm(folder, { recursive: true, force: true }));

describe('a private Redis server', () => {
  test('for the queue refuses to evict and appends every write to a file', async () => {
    await withRedis('queue', async (redis) => {
      await withClient(redis, async (client) => {
        assert.equal(await setting(client, 'maxmemory-policy'), 'noeviction');
        assert.equal(await setting(client, 'appendonly'), 'yes');
        assert.equal(await setting(client, 'appendfsync'), 'everysec');
        assert.equal(await setting(client, 'save'), '');
        assert.equal(await setting(client, 'bind'), '127.0.0.1');
      });
    });
  });

  test('for the cache evicts by use within a bound and keeps nothing on disk', async () => {
    await withRedis('cache', async (redis) => {
      await withClient(redis, async (client) => {
        assert.equal(await setting(client, 'maxmemory-policy'), 'allkeys-lfu');
        assert.equal(await setting(client, 'maxmemory'), String(512 * 1024 * 1024));
        assert.equal(await setting(client, 'appendonly'), 'no');
        assert.equal(await setting(client, 'save'), '');
        await client.set('a', '1');
      });
      await redis.stop();
      assert.deepEqual(await readdir(join(folder, 'cache')), []);
    });
  });

  test('leaves neither process nor port when it is stopped', async () => {
    await withRedis('queue', async (redis) => {
      const { pid, port } = redis;
      await redis.stop();
      assert.equal(signalIfAlive(pid, 0), false);
      assert.equal(await isPortFree(port, '127.0.0.1'), true);
    });
  });

  test('for the queue keeps its data and its port when it is killed and started again', async () => {
    await withRedis('queue', async (redis) => {
      const { port } = redis;
      await withClient(redis, (client) => client.set('job', '1'));
      await redis.restart();
      await redis.kill();
      assert.equal(redis.isRunning(), false);
      await redis.restart();
      assert.equal(redis.port, port);
      await withClient(redis, async (client) => assert.equal(await client.get('job'), '1'));
      await redis.restartEmpty();
      await withClient(redis, async (client) => assert.equal(await client.get('job'), null));
    });
  });

  test('answers nobody while it is frozen and everybody when it is thawed', async () => {
    await withRedis('cache', async (redis) => {
      redis.freeze();
      await withClient(redis, (client) => assert.rejects(client.get('a'), /timed out/), 200);
      redis.thaw();
      await withClient(redis, async (client) => assert.equal(await client.get('a'), null));
    });
  });

  test('can be stopped while it is frozen', async () => {
    await withRedis('cache', async (redis) => {
      redis.freeze();
      await redis.stop();
      assert.equal(signalIfAlive(redis.pid, 0), false);
    });
  });

  test('starts on an append-only file that a crash has cut off or that is damaged', async () => {
    const damage = join(folder, 'queue', 'appendonlydir', 'appendonly.aof.1.incr.aof');
    await withRedis('queue', (redis) => withClient(redis, (client) => client.set('a', '1')));
    for (const content of ['*3\r\n$3\r\nSET\r\n$1', 'not an append-only file\r\n']) {
      await writeFile(damage, content);
      await withRedis('queue', async (redis) => {
        await withClient(redis, async (client) => assert.equal(await client.ping(), 'PONG'));
      });
    }
    assert.ok((await readdir(join(folder, 'queue'))).includes('appendonlydir.unreadable'));
  });

  test('tells its last lines when it cannot start', async () => {
    const options = {
      role: 'cache',
      directory: join(folder, 'cache'),
      log: () => undefined,
    } as const;
    await assert.rejects(startPrivateRedis({ ...options, command: '/bin/false' }), {
      name: 'StackError',
      message: /^redis-cache ended with exit code 1 before it was ready/,
    });
  });
});

async function withRedis(
  role: RedisRole,
  use: (redis: PrivateRedis) => Promise<unknown>,
): Promise<void> {
  const directory = join(folder, role);
  const redis = await startPrivateRedis({ command, role, directory, log: () => undefined });
  try {
    await use(redis);
  } finally {
    await redis.stop();
  }
}

async function withClient<T>(
  { url }: PrivateRedis,
  use: (client: Redis) => Promise<T>,
  commandTimeout = 10_000,
): Promise<T> {
  const client = new Redis(url, { commandTimeout, protocol: 2 });
  client.on('error', () => undefined);
  try {
    return await use(client);
  } finally {
    client.disconnect();
  }
}

async function setting(client: Redis, name: string): Promise<string | undefined> {
  const reply = await client.config('GET', name);
  return Array.isArray(reply) ? String(reply[1]) : undefined;
}
