import type { Redis } from 'ioredis';
import type { TimeReader } from './server-offset.ts';

/** The two roles' settings and connections; a request connection each, so that a read fails at once when it must. */
export interface RedisRoles {
  readonly urls: { readonly queueUrl: string; readonly cacheUrl: string };
  readonly queue: Redis;
  readonly cache: Redis;
}

/** The clocks of the Redis servers by role. One server in both roles has one clock, and one vote. */
export function redisClocks({ urls, queue, cache }: RedisRoles): Record<string, TimeReader> {
  const sameServer = new URL(urls.queueUrl).host === new URL(urls.cacheUrl).host;
  return {
    queue: () => serverTime(queue),
    ...(sameServer ? {} : { cache: () => serverTime(cache) }),
  };
}

async function serverTime(redis: Redis): Promise<number> {
  const [seconds, microseconds] = await redis.time();
  return Number(seconds) * 1_000 + Number(microseconds) / 1_000;
}
