import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import pTimeout from 'p-timeout';
import { connectRedis, type Purpose } from '../../shared/redis/connect.ts';
import type { RedisRole } from '../../stack/redis/flags.ts';
import { ensureRedisServer } from '../../stack/redis/install-server.ts';
import { type PrivateRedis, startPrivateRedis } from '../../stack/redis/private-redis.ts';

/** A Redis server of a test's own, with connections that end before it does. */
export interface TestRedis extends AsyncDisposable {
  readonly server: PrivateRedis;
  /** A connection as the house opens them, whatever state the server is in. */
  open(purpose?: Purpose): Redis;
  /** A connection that is ready. */
  connect(purpose?: Purpose): Promise<Redis>;
}

/** Starts a private server for one role in a folder that is removed with it. */
export async function startTestRedis(role: RedisRole): Promise<TestRedis> {
  const directory = await mkdtemp(join(tmpdir(), 'punctual-shared-'));
  const command = await ensureRedisServer({
    searchPath: process.env['PATH'] ?? '',
    canInstall: process.getuid?.() === 0,
    say: () => undefined,
  });
  const server = await startPrivateRedis({ command, role, directory, log: () => undefined });
  const connections: Redis[] = [];
  const open = (purpose: Purpose = 'request') => {
    const settings = { pipelined: role === 'cache', onError: () => undefined };
    const connection = connectRedis(server.url, purpose, settings);
    connections.push(connection);
    return connection;
  };
  return {
    server,
    open,
    async connect(purpose) {
      const connection = open(purpose);
      await once(connection, 'ready');
      return connection;
    },
    async [Symbol.asyncDispose]() {
      for (const connection of connections) connection.disconnect();
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** The promise itself, unless it hangs: then a failure that says so, long after any bound of the house. */
export function settling<T>(promise: Promise<T>): Promise<T> {
  return pTimeout(promise, { milliseconds: 20_000, message: 'it never settles' });
}
