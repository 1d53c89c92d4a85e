import { Redis } from 'ioredis';
import type { Chaos } from '../row.ts';

/** An entry as it stands in the cache store. */
export interface StoredEntry {
  readonly redisKey: string;
  readonly fingerprint: string;
  readonly bytes: Buffer;
}

/** The cache store, looked at and hurt directly. */
export interface CacheEntries extends Disposable {
  readonly redis: Redis;
  /** The entries of the questions with these keys, in their order; throws when one has none. */
  find(asked: readonly string[]): Promise<StoredEntry[]>;
}

/** Connects to the cache store beside the proxy. */
export function openCache({ stack }: Chaos): CacheEntries {
  const redis = new Redis(stack.redis.cacheUrl);
  redis.on('error', () => undefined);
  return {
    redis,
    async find(asked) {
      const entries = await allEntries(redis);
      return asked.map((key) => {
        const entry = entries.find(({ bytes }) => bytes.includes(`"key":"${key}"`));
        if (entry === undefined) throw new Error(`no entry is stored for ${key}`);
        return entry;
      });
    },
    [Symbol.dispose]: () => redis.disconnect(),
  };
}

async function allEntries(redis: Redis): Promise<StoredEntry[]> {
  const keys: string[] = [];
  for await (const batch of redis.scanStream({ match: 'punctual:{*}:entry', count: 500 }))
    keys.push(...(batch as string[]));
  const all = keys.map(async (redisKey) => ({
    redisKey,
    fingerprint: /\{([0-9a-f]{64})\}/.exec(redisKey)?.[1] ?? '',
    bytes: (await redis.getBuffer(redisKey)) ?? Buffer.alloc(0),
  }));
  return Promise.all(all);
}
