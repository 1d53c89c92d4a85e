import type { Redis } from 'ioredis';
import type { Config } from '../shared/config.ts';
import { connectRedis } from '../shared/redis/connect.ts';
import type { GatewayEvents } from './gateway-events.ts';

/** One gateway process's connections to the two roles of Redis. */
export interface StoreConnections {
  readonly cache: Redis;
  readonly queue: Redis;
  /** To the queue role, for channels alone. */
  readonly subscriber: Redis;
}

/**
 * Whoever waits has a shorter bound of his own, which a process that was busy does not hold against the server; this one
 * it would, so that it is for what nobody waits for.
 */
const COMMAND_MS = 3_000;

/** Opens the connections; the servers may still be away. */
export function connectStores({ redis }: Config, events: GatewayEvents): StoreConnections {
  const onError = (role: string) => (error: Error) => events.redisError(role, error);
  const optionsFor = (role: string) => ({
    commandTimeoutMs: COMMAND_MS,
    onError: onError(role),
  });
  return {
    cache: connectRedis(redis.cacheUrl, 'request', { ...optionsFor('cache'), pipelined: true }),
    queue: connectRedis(redis.queueUrl, 'request', optionsFor('queue')),
    subscriber: connectRedis(redis.queueUrl, 'subscriber', { onError: onError('subscriber') }),
  };
}
