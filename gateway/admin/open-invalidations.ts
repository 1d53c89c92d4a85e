import type { Redis } from 'ioredis';
import type { Registry } from 'prom-client';
import type { Config } from '../../shared/config.ts';
import { createEpochStore } from '../../shared/epochs/epoch-store.ts';
import { keptForMs } from '../../shared/epochs/kept-for.ts';
import { createQueryTables } from '../../shared/epochs/query-tables.ts';
import type { FaultEvents } from '../../shared/fault-events.ts';
import { createFleetClock } from '../../shared/fleet-clock/fleet-clock.ts';
import { redisClocks } from '../../shared/fleet-clock/redis-clocks.ts';
import type { Logger } from '../../shared/log.ts';
import { connectRedis } from '../../shared/redis/connect.ts';
import type { SideDoorRoutes } from '../../shared/side-door/route.ts';
import type { ServedQuery } from '../serving/messages.ts';
import { invalidateRoutes } from './invalidate-routes.ts';
import { noteInvalidations } from './note-invalidations.ts';

/** What the process that invalidates has already. */
export interface InvalidationSurroundings {
  readonly config: Config;
  readonly log: Logger;
  readonly metrics: Registry;
  readonly events: FaultEvents;
  /** A connection for requests to the queue role. */
  readonly queue: Redis;
  readonly served: () => readonly ServedQuery[];
}

/** Opens what an invalidation needs, the time of the fleet among it, and gives its route. */
export async function openInvalidations({
  config,
  log,
  metrics,
  events,
  queue,
  served,
}: InvalidationSurroundings): Promise<{ readonly routes: SideDoorRoutes; close(): void }> {
  const onError = (error: Error) => events.redisError('cache', error);
  const cache = connectRedis(config.redis.cacheUrl, 'request', { onError });
  const clock = createFleetClock({
    readers: redisClocks({ urls: config.redis, queue, cache }),
    onRead: (name, aheadMs) => events.clockRead(name, aheadMs),
  });
  await clock.start();
  const routes = invalidateRoutes({
    epochs: createEpochStore({
      cache,
      queue,
      keepMs: () => keptForMs(served()),
      onUntold: (error) => events.redisError('queue', error),
    }),
    tables: createQueryTables(queue),
    served,
    clock,
    onInvalidated: noteInvalidations(log, metrics),
    onError: (error) =>
      events.fault('not-invalidated', 'not invalidated', { error: String(error) }),
  });
  const close = () => {
    clock.stop();
    cache.disconnect();
  };
  return { routes, close };
}
