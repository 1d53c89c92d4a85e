import { join } from 'node:path';
import type { StackContext } from '../context.ts';
import { settleAll } from '../settle-all.ts';
import type { RedisRole } from './flags.ts';
import { ensureRedisServer, type RedisSearch } from './install-server.ts';
import { type PrivateRedis, startPrivateRedis } from './private-redis.ts';

/** The stores of a stack: the URL of each role, and the private server where no URL was given. */
export interface RedisPair {
  readonly queueUrl: string;
  readonly cacheUrl: string;
  readonly queue: PrivateRedis | undefined;
  readonly cache: PrivateRedis | undefined;
}

/** Starts a private server for every role that has no URL in the environment. */
export async function startRedisPair(
  context: StackContext,
  search: Pick<RedisSearch, 'searchPath' | 'canInstall'>,
): Promise<RedisPair> {
  const { env, say, signal } = context;
  const given = {
    queue: env['REDIS_QUEUE_URL'] || env['REDIS_URL'],
    cache: env['REDIS_CACHE_URL'] || env['REDIS_URL'],
  };
  if (given.queue && given.cache) {
    return { queueUrl: given.queue, cacheUrl: given.cache, queue: undefined, cache: undefined };
  }
  const command = await ensureRedisServer({ ...search, say, signal });
  const [queue, cache] = await settleAll([
    given.queue ? undefined : start('queue', command, context),
    given.cache ? undefined : start('cache', command, context),
  ]);
  return {
    queueUrl: urlOf(given.queue, queue),
    cacheUrl: urlOf(given.cache, cache),
    queue,
    cache,
  };
}

async function start(
  role: RedisRole,
  command: string,
  context: StackContext,
): Promise<PrivateRedis> {
  const name = `redis-${role}`;
  const redis = await startPrivateRedis({
    command,
    role,
    directory: join(context.config.dataFolder, name),
    log: context.logOf(name),
    signal: context.signal,
  });
  context.say(`${name} is ready`);
  return context.own('redis', redis);
}

function urlOf(given: string | undefined, redis: PrivateRedis | undefined): string {
  const url = redis?.url ?? given;
  if (url === undefined) throw new Error('neither a URL nor a server for this role');
  return url;
}
