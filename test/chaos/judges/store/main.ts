import { Redis } from 'ioredis';
import { answerParent } from '../../apart/answer-parent.ts';
import { findEndless, findLeavings, type KeyRecord, type StoreLimits } from './find-leavings.ts';

type Role = KeyRecord['role'];

const stores = new Map<Role, Redis>();

async function keysOf(role: Role, redis: Redis): Promise<KeyRecord[]> {
  const records: KeyRecord[] = [];
  for await (const batch of redis.scanStream({ count: 500 })) {
    const keys = [...new Set(batch as string[])];
    records.push(...(await Promise.all(keys.map((key) => recordOf(role, redis, key)))));
  }
  return records.filter(({ type }) => type !== 'none');
}

async function recordOf(role: Role, redis: Redis, key: string): Promise<KeyRecord> {
  const [type, ttlMs] = await Promise.all([redis.type(key), redis.pttl(key)]);
  return { role, key, type, ttlMs, length: await lengthOf(redis, key, type) };
}

async function lengthOf(redis: Redis, key: string, type: string): Promise<number> {
  switch (type) {
    case 'list':
      return redis.llen(key);
    case 'zset':
      return redis.zcard(key);
    case 'set':
      return redis.scard(key);
    case 'stream':
      return redis.xlen(key);
    default:
      return 1;
  }
}

async function allKeys(): Promise<KeyRecord[]> {
  const all = await Promise.all([...stores].map(([role, redis]) => keysOf(role, redis)));
  return all.flat();
}

function number(text: string, field: string): number {
  return Number(new RegExp(`${field}[:=](\\d+)`).exec(text)?.[1] ?? 0);
}

const answers = {
  /** Connects to both stores directly: no proxy is between. */
  watch(urls: Readonly<Record<Role, string>>): void {
    for (const role of ['queue', 'cache'] as const) {
      const redis = new Redis(urls[role], { maxRetriesPerRequest: 3, commandTimeout: 5_000 });
      redis.on('error', () => undefined);
      stores.set(role, redis);
    }
  },
  keys: allKeys,
  /** What is left of flights and jobs; empty once everything has come to its end. */
  leavings: async () => findLeavings(await allKeys()),
  async verdict(limits: StoreLimits) {
    return { findings: findEndless(await allKeys(), limits) };
  },
  /** What a server says of itself: its memory, its clients and what they have not read yet. */
  async figures(role: Role) {
    const redis = stores.get(role);
    if (redis === undefined) throw new Error(`no store for ${role}`);
    const clients = String(await redis.client('LIST'))
      .trim()
      .split('\n');
    return {
      usedBytes: number(await redis.info('memory'), 'used_memory'),
      commands: number(await redis.info('stats'), 'total_commands_processed'),
      clients: clients.length,
      mostOutputBytes: Math.max(...clients.map((client) => number(client, 'omem'))),
    };
  },
  /** Sends any command to a store: for rows that hurt it from the inside. */
  command: (role: Role, name: string, ...args: string[]) => stores.get(role)?.call(name, ...args),
};

/** What the store judge's process can be asked. */
export type StoreAnswers = typeof answers;

answerParent(answers);
