import type { Config } from '../shared/config.ts';
import type { Role } from '../shared/role-process.ts';
import { openSideDoor } from '../shared/side-door.ts';
import { keepTidy } from '../shared/tidy-heap.ts';
import { refuseEviction } from './refuse-eviction.ts';
import { followTables } from './tables/follow-tables.ts';
import { takeFlights } from './take-flights.ts';
import { takeWarmings } from './warm/take-warmings.ts';
import { createWorkerContext } from './worker-context.ts';

/** Starts a worker process: threads, queues, and a side door with its health and its metrics. */
export async function startWorker(config: Config): Promise<Role> {
  const context = await createWorkerContext(config);
  await refuseEviction(context.redis.queue, context.events).catch(async (error: unknown) => {
    await context.close();
    throw error;
  });
  const taker = takeFlights(context);
  const warmings = takeWarmings(context);
  const tables = followTables(context);
  const leaveHeap = keepTidy();
  const door = await openSideDoor(config.worker, {
    '/healthz': () => ({ status: 200, contentType: 'application/json', body: '{"status":"up"}\n' }),
    '/readyz': () => {
      const ready = context.redis.queue.status === 'ready';
      const body = JSON.stringify({
        ready,
        queue: context.redis.queue.status,
        cache: context.redis.cache.status,
      });
      return { status: ready ? 200 : 503, contentType: 'application/json', body: `${body}\n` };
    },
    '/metrics': async () => ({
      status: 200,
      contentType: context.metrics.contentType,
      body: await context.metrics.metrics(),
    }),
  });
  context.log.info({ address: door.url, queries: context.catalog.queries.size }, 'worker is up');
  return {
    addresses: { worker: door.url },
    async [Symbol.asyncDispose]() {
      await door[Symbol.asyncDispose]();
      await warmings.pause();
      await taker.close();
      await warmings.close();
      await tables.close();
      leaveHeap();
      await context.close();
    },
  };
}
