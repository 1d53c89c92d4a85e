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

/** Opens the connections; the servers may still be away. */
export function connectStores({ redis }: Config, events: GatewayEvents): StoreConnections {
  const onError = (role: string) => (error: Error) => events.redisError(role, error);
  return {
    cache: connectRedis(redis.cacheUrl, 'request', { onError: onError('cache') }),
    queue: connectRedis(redis.queueUrl, 'request', { onError: onError('queue') }),
    subscriber: connectRedis(redis.queueUrl, 'subscriber', { onError: onError('subscriber') }),
  };
}
