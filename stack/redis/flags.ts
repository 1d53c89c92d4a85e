/** What a private Redis server is for: `queue` must never lose a job to eviction, `cache` may lose anything. */
export type RedisRole = 'queue' | 'cache';

const flagsOf = {
  queue: [
    ['--maxmemory-policy', 'noeviction'],
    ['--maxmemory', '512mb'],
    ['--appendonly', 'yes'],
    ['--appendfsync', 'everysec'],
    ['--save', ''],
  ],
  cache: [
    ['--maxmemory-policy', 'allkeys-lfu'],
    ['--maxmemory', '512mb'],
    ['--appendonly', 'no'],
    ['--save', ''],
  ],
} as const satisfies Record<RedisRole, readonly (readonly [string, string])[]>;

/** The command-line flags that make a Redis server fit for its role; the compose file says the same ones. */
export function redisFlags(role: RedisRole): readonly string[] {
  return flagsOf[role].flat();
}
