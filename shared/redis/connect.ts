import { Redis, type RedisOptions } from 'ioredis';

/**
 * What a connection is for. `request`: somebody waits, so a command fails at once when the server is away and after
 * `commandTimeoutMs` when it is frozen, and nothing is replayed later. `blocking`: BullMQ's workers, which may wait for
 * ever. `subscriber`: channels only.
 */
export type Purpose = 'request' | 'blocking' | 'subscriber';

/** Longest wait of a request for entries. */
export const CACHE_COMMAND_MS = 200;
/** Longest wait of a request for a command to the queue role. */
export const QUEUE_COMMAND_MS = 500;
/** After this the connection itself gives up a command; those who wait have their own, shorter bounds. */
const BACKSTOP_MS = 1_000;
/** A frozen server keeps the socket open: a connection that waits for so long and hears nothing is made anew. */
const SILENT_MS = 4_000;
/** How often a connection is given up at most because its server may only be read. */
export const LEAVE_EVERY_MS = 1_000;

/** How a connection is used. */
export interface ConnectionSettings {
  readonly commandTimeoutMs?: number;
  /**
   * Sends what is asked in one turn of the loop in one piece, at the end of the turn: for the many reads of a page. What is
   * asked one by one would only be late, and BullMQ's scripts, of which each piece is given a copy, cost 0.13 ms a time.
   */
  readonly pipelined?: boolean;
  readonly onError: (error: Error) => void;
}

/** Opens a connection that reconnects for ever with at most a second between tries; errors go to `onError`, never unheard. */
export function connectRedis(
  url: string,
  purpose: Purpose,
  { commandTimeoutMs = BACKSTOP_MS, pipelined = false, onError }: ConnectionSettings,
): Redis {
  const reconnectOnError = leaveDemoted();
  const redis = new Redis(url, {
    ...COMMON,
    reconnectOnError,
    ...forPurpose(purpose, commandTimeoutMs),
    enableAutoPipelining: pipelined,
  });
  redis.on('error', onError);
  return heedSubscriptions(redis, onError);
}

/** ioredis subscribes anew by itself and does not listen to how that ends: a connection that is closed just then must not end the process. */
function heedSubscriptions(redis: Redis, onError: (error: Error) => void): Redis {
  const subscribe: (...channels: string[]) => Promise<unknown> = redis.subscribe.bind(redis);
  return Object.assign(redis, {
    subscribe(...channels: string[]) {
      const subscribed = subscribe(...channels);
      subscribed.catch(onError);
      return subscribed;
    },
  });
}

type ConnectionOptions = Omit<RedisOptions, 'replyMapping'>;

const COMMON: ConnectionOptions = {
  connectTimeout: 2_000,
  keepAlive: 10_000,
  // A server that loads its data is asked again this soon, not when it says that it may have loaded it.
  maxLoadingRetryTime: 500,
  // Jitter, so that a fleet does not come back in one beat; the cap keeps recovery within seconds.
  retryStrategy: (tries) =>
    Math.min(1_000, 50 * 2 ** Math.min(tries, 5)) * (0.5 + Math.random() / 2),
};

/**
 * Whether an error is a reason to give up the connection. A primary that was demoted keeps its connections: who stays on
 * one could never write again, while the address has moved. `now` in milliseconds.
 */
export function leaveDemoted(
  now: () => number = () => performance.now(),
): (error: Error) => boolean {
  let leftMs = Number.NEGATIVE_INFINITY;
  return ({ message }) => {
    // Where the address has not moved yet there is the same to be heard again, and not in a storm.
    if (!message.includes('READONLY') || now() - leftMs < LEAVE_EVERY_MS) return false;
    leftMs = now();
    return true;
  };
}

function forPurpose(purpose: Purpose, commandTimeoutMs: number): ConnectionOptions {
  switch (purpose) {
    case 'request':
      return {
        enableOfflineQueue: false,
        autoResendUnfulfilledCommands: false,
        maxRetriesPerRequest: 0,
        commandTimeout: commandTimeoutMs,
        // Without this, timed-out commands pile up behind a frozen server.
        socketTimeout: SILENT_MS,
      };
    case 'blocking':
      return { maxRetriesPerRequest: null, enableOfflineQueue: true };
    case 'subscriber':
      return { maxRetriesPerRequest: null, enableOfflineQueue: true };
    default:
      return purpose satisfies never;
  }
}
