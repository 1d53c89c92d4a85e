import type { Redis } from 'ioredis';
import pTimeout from 'p-timeout';
import { ConfigError } from '../shared/config.ts';
import type { WorkerEvents } from './worker-events.ts';

const LOOK_MS = 2_000;

/**
 * Throws a {@link ConfigError} when the queue role may evict: jobs would vanish although they were accepted. A server that
 * is away, or does not tell, is taken on trust, and said to be.
 */
export async function refuseEviction(queue: Redis, events: WorkerEvents): Promise<void> {
  const policy = await readPolicy(queue).catch((error: unknown) => {
    events.redisError('queue', `its eviction policy cannot be read: ${String(error)}`);
    return undefined;
  });
  if (policy === undefined || policy === 'noeviction') return;
  throw new ConfigError([
    `REDIS_QUEUE_URL: expected a Redis with maxmemory-policy noeviction, got one with ${policy}`,
  ]);
}

async function readPolicy(queue: Redis): Promise<string | undefined> {
  const reading = (async () => {
    if (queue.status !== 'ready') await new Promise((resolve) => queue.once('ready', resolve));
    const reply: unknown = await queue.config('GET', 'maxmemory-policy');
    return Array.isArray(reply) ? String(reply[1]) : undefined;
  })();
  return pTimeout(reading, { milliseconds: LOOK_MS });
}
