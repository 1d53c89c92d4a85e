import type { Redis } from 'ioredis';
import { SWITCHES_CHANNEL, SWITCHES_KEY } from '../redis/keys.ts';
import { isMode, type Mode } from './mode.ts';

/** The switches of all queries as they stand in Redis, where the whole fleet looks at them. */
export interface Switches {
  /** The modes that people have forced, by query; a query that is not in it is `normal`. */
  readAll(): Promise<ReadonlyMap<string, Mode>>;
  /** Forces a mode, or takes it back with `normal`, and hints at it; returns what stood there before. */
  set(query: string, mode: Mode): Promise<Mode>;
}

/** The switches behind one connection to the queue role. */
export function createSwitches(redis: Redis): Switches {
  return {
    async readAll() {
      const texts = Object.entries(await redis.hgetall(SWITCHES_KEY));
      return new Map(
        texts.flatMap(([query, text]) => (isMode(text) ? [[query, text] as const] : [])),
      );
    },
    async set(query, mode) {
      const before = await redis.hget(SWITCHES_KEY, query);
      if (mode === 'normal') await redis.hdel(SWITCHES_KEY, query);
      else await redis.hset(SWITCHES_KEY, query, mode);
      // The switch is set: a hint that fails costs its readers the two seconds until they look by themselves.
      await redis.publish(SWITCHES_CHANNEL, query).catch(() => undefined);
      return isMode(before) ? before : 'normal';
    },
  };
}
