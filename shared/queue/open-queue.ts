import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { QUEUE_PREFIX } from '../redis/keys.ts';

/** The producer's side of a BullMQ queue, on a connection for requests, which fails fast. */
export function openQueue(name: string, connection: Redis, onError: (error: Error) => void): Queue {
  const queue = new Queue(name, {
    connection,
    prefix: QUEUE_PREFIX,
    skipWaitingForReady: true,
    skipVersionCheck: true,
    streams: { events: { maxLen: 100 } },
  });
  queue.on('error', onError);
  return queue;
}
