import { createEpochStore } from '../../shared/epochs/epoch-store.ts';
import { createQueryTables } from '../../shared/epochs/query-tables.ts';
import type { WorkerContext } from '../worker-context.ts';
import { createTableFinder } from './find-tables.ts';
import { createTableEvents } from './table-events.ts';
import { createWatchRecord } from './watch-record.ts';
import { createTableWatch } from './watch-tables.ts';
import { createWatchTurn } from './watch-turn.ts';

/** A worker's interest in tables: which ones its queries read, and whether they change. */
export interface FollowedTables {
  close(): Promise<void>;
}

/** Begins to find and to watch tables, in the background; whatever goes wrong there is an event, and tried again. */
export function followTables(context: WorkerContext): FollowedTables {
  const { catalog, clock, threads, redis, config } = context;
  const { queue, cache } = redis;
  const queries = [...catalog.queries.values()];
  const events = createTableEvents(context.events, context.log, context.metrics);
  const finder = createTableFinder({ queries, queue, threads, clock, events });
  const periodMs = config.worker.tableWatchMs;
  const isAnyWatched = queries.some(({ policy }) => policy.freshWhile === 'tables-unchanged');
  const watch =
    periodMs === undefined || !isAnyWatched
      ? undefined
      : createTableWatch({
          queries,
          periodMs,
          threads,
          queryTables: createQueryTables(queue),
          record: createWatchRecord(queue),
          epochs: createEpochStore({
            cache,
            queue,
            onUntold: (error) => context.events.redisError('queue', error),
          }),
          turn: createWatchTurn(queue, periodMs),
          clock,
          events,
        });
  void finder.start().then(() => watch?.start());
  return {
    async close() {
      finder.stop();
      await watch?.stop();
    },
  };
}
