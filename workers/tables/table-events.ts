import { Counter, Gauge, type Registry } from 'prom-client';
import type { FaultEvents } from '../../shared/fault-events.ts';
import type { Logger } from '../../shared/log.ts';
import type { Obstacle } from './watch-plan.ts';

/** What one look at the tables has come to. */
export interface LookResult {
  readonly tables: number;
  readonly confirmed: readonly string[];
  /** By query, where something is in the way. */
  readonly obstacles: ReadonlyMap<string, Obstacle>;
}

/** What happens around tables that somebody should hear of: each writes its log line and its metric together. */
export interface TableEvents {
  /** The tables that a query reads could not be found. */
  tablesUnknown(query: string, problem: string): void;
  /** Looking for the tables of queries failed as a whole. */
  searchFailed(error: unknown): void;
  tableChanged(table: string, queries: readonly string[]): void;
  /** What was read of a table before anybody watched it is not fresh, either. */
  tableFirstSeen(table: string, queries: readonly string[]): void;
  tableUnreadable(table: string, problem: string): void;
  /** This worker has looked. */
  looked(result: LookResult): void;
  /** It is another worker's turn: what this one has shown of its last look is over. */
  rested(): void;
  watchFailed(error: unknown): void;
}

/** The events of one worker's watch. */
export function createTableEvents(
  faults: Pick<FaultEvents, 'fault'>,
  log: Logger,
  register: Registry,
): TableEvents {
  const metrics = createMetrics(register);
  let obstacles: LookResult['obstacles'] = new Map();
  const show = (now: LookResult['obstacles']) => {
    metrics.obstacles.reset();
    for (const [query, obstacle] of now) metrics.obstacles.set({ query, obstacle }, 1);
  };
  return {
    tablesUnknown: (query, problem) =>
      faults.fault('tables-unknown', "a query's tables could not be found", { query, problem }),
    searchFailed: (error) =>
      faults.fault('table-search', 'the search for tables failed', { error: String(error) }),
    tableChanged(table, queries) {
      metrics.changes.inc();
      log.info({ table, queries }, 'a table has changed');
    },
    tableFirstSeen: (table, queries) =>
      log.info({ table, queries }, 'a table is watched from now on'),
    tableUnreadable: (table, problem) =>
      faults.fault('table-unreadable', 'a table could not be read', { table, problem }),
    looked(result) {
      metrics.lookedAt = performance.now();
      metrics.watched.set(result.tables);
      metrics.confirmed.inc(result.confirmed.length);
      show(result.obstacles);
      for (const [query, obstacle] of result.obstacles)
        if (obstacles.get(query) !== obstacle)
          log.info({ query, obstacle }, 'a query is fresh by time alone');
      obstacles = result.obstacles;
    },
    rested() {
      metrics.watched.set(0);
      show(new Map());
    },
    watchFailed: (error) =>
      faults.fault('table-watch', 'the tables could not be watched', { error: String(error) }),
  };
}

function createMetrics(register: Registry) {
  const registers = [register];
  const metrics = {
    /** When this worker last looked, by its monotonic clock. */
    lookedAt: undefined as number | undefined,
    watched: new Gauge({
      name: 'punctual_tables_watched',
      help: 'Tables that this worker looks at; one worker of the fleet does at a time',
      registers,
    }),
    changes: new Counter({
      name: 'punctual_table_changes_total',
      help: 'Changes of tables that this worker has seen',
      registers,
    }),
    confirmed: new Counter({
      name: 'punctual_table_confirmations_total',
      help: 'How often a query was told that all its tables are as they were',
      registers,
    }),
    obstacles: new Gauge({
      name: 'punctual_table_watch_obstacles',
      help: 'Queries with freshWhile that are fresh by time alone, and why',
      labelNames: ['query', 'obstacle'],
      registers,
    }),
  };
  const age: Gauge = new Gauge({
    name: 'punctual_table_watch_age_seconds',
    help: 'Time since this worker last looked at the tables; of a fleet the least counts',
    registers,
    collect() {
      if (metrics.lookedAt === undefined) age.remove();
      else age.set((performance.now() - metrics.lookedAt) / 1_000);
    },
  });
  return metrics;
}
