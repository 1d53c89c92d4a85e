import { bounded } from '../../shared/bounded.ts';
import type { Query } from '../../shared/catalog/catalog.ts';
import type { Clock } from '../../shared/clock.ts';
import type { EpochStore } from '../../shared/epochs/epoch-store.ts';
import type { QueryTables } from '../../shared/epochs/query-tables.ts';
import type { QueryThreads } from '../query-threads.ts';
import type { TableLook } from '../thread/look-at-table.ts';
import { atMost } from './at-most.ts';
import { judgeTable, type TableVerdict } from './judge-table.ts';
import type { TableEvents } from './table-events.ts';
import { type Obstacle, planWatch, type WatchedQuery } from './watch-plan.ts';
import type { SeenTable, WatchHistory, WatchRecord } from './watch-record.ts';
import type { WatchTurn } from './watch-turn.ts';

/** Looks under way at once. */
const AT_ONCE = 8;
/** A table that has not had its look by then counts as unreadable until the next period. */
const LOOK_WITHIN_MS = 20_000;
/** How long a worker that stops waits for the look that is under way. */
const LAST_LOOK_MS = 1_000;
/** What was seen of a table, or told of a query, is forgotten when nobody has looked for so long: then it is as new. */
const REMEMBERED_MS = 7 * 24 * 3_600_000;

/** Looks at the tables behind the queries that are fresh while these are unchanged. */
export interface TableWatch {
  start(): void;
  /** Looks no more, and leaves the turn to the next worker; best effort. */
  stop(): Promise<void>;
  /** One look, if it is this worker's turn. Never rejects, and joins the one that is under way. */
  tick(): Promise<void>;
}

/** What a watch works with. */
export interface TableWatchParts {
  readonly queries: Iterable<Query>;
  readonly periodMs: number;
  readonly threads: Pick<QueryThreads, 'lookAtTable'>;
  readonly queryTables: Pick<QueryTables, 'read'>;
  readonly record: WatchRecord;
  readonly epochs: EpochStore;
  readonly turn: WatchTurn;
  readonly clock: Clock;
  readonly events: TableEvents;
}

/** The watch of one worker process. */
export function createTableWatch(parts: TableWatchParts): TableWatch {
  const { periodMs, turn, events } = parts;
  let looking: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  const takeTurn = async () => {
    if (!(await turn.take())) return events.rested();
    try {
      await look(parts);
    } finally {
      await turn.end();
    }
  };
  const tick = () => {
    looking ??= takeTurn()
      .catch((error: unknown) => {
        if (!isOver) events.watchFailed(error);
      })
      .finally(() => {
        looking = undefined;
      });
    return looking;
  };
  return {
    start() {
      if (isOver) return;
      void tick();
      timer ??= setInterval(() => void tick(), periodMs).unref();
    },
    async stop() {
      isOver = true;
      clearInterval(timer);
      await bounded(looking ?? Promise.resolve(), LAST_LOOK_MS, 'the last look').catch(
        () => undefined,
      );
      await turn.giveUp().catch(() => undefined);
    },
    tick,
  };
}

/**
 * One look. What it does can be done twice, in part, or by two workers at once without harm: epochs only move forward, and of
 * two looks the older one at most makes the next find a change again.
 */
async function look(parts: TableWatchParts): Promise<void> {
  const { clock, queryTables, record, epochs, events } = parts;
  // What is confirmed is that nothing has changed up to here: a change during the reads may have been missed by some of them.
  const beganAt = clock.now();
  const [known, history] = await Promise.all([queryTables.read(), record.read()]);
  const plan = planWatch(parts.queries, known);
  const verdicts = await judgeAll(parts, new Set(plan.flatMap(({ tables }) => tables)), history);
  const seen = latestSeen(history, verdicts);
  await record.noteSeen(new Map([...seen].filter(([table]) => verdicts.get(table)?.seen)));
  tellChanges(parts, plan, verdicts);
  await invalidate(parts, plan, seen, history);
  const obstacles = obstaclesIn(plan, verdicts);
  const confirmed = plan
    .filter(({ name, tables }) => !obstacles.has(name) && !tables.some(hasChanged(verdicts)))
    .map(({ name }) => name);
  await epochs.confirmUnchanged(confirmed, beganAt);
  await forgetOld(parts, plan, history, beganAt);
  events.looked({ tables: verdicts.size, confirmed, obstacles });
}

type Verdicts = ReadonlyMap<string, TableVerdict>;

async function judgeAll(
  { threads, clock, events }: TableWatchParts,
  tables: ReadonlySet<string>,
  { seen }: WatchHistory,
): Promise<Verdicts> {
  const endsAt = performance.now() + LOOK_WITHIN_MS;
  const judged = await atMost(AT_ONCE, [...tables], async (table) => {
    const found: TableLook =
      performance.now() < endsAt
        ? await threads.lookAtTable(table)
        : { kind: 'unreadable', problem: 'the looks before it took too long' };
    if (found.kind === 'unreadable') events.tableUnreadable(table, found.problem);
    return [table, judgeTable(seen.get(table), found, clock.now())] as const;
  });
  return new Map(judged);
}

function latestSeen({ seen }: WatchHistory, verdicts: Verdicts): ReadonlyMap<string, SeenTable> {
  const latest = new Map(seen);
  for (const [table, verdict] of verdicts) if (verdict.seen) latest.set(table, verdict.seen);
  return latest;
}

function tellChanges(
  { events }: TableWatchParts,
  plan: readonly WatchedQuery[],
  verdicts: Verdicts,
): void {
  for (const table of verdicts.keys()) {
    if (!hasChanged(verdicts)(table)) continue;
    const readers = plan.filter(({ tables }) => tables.includes(table));
    events.tableChanged(
      table,
      readers.map(({ name }) => name),
    );
  }
}

/**
 * Sees to it that the entries of each query are invalidated up to the last change of its tables, which is remembered when it is
 * done: a change is told once, however often it is looked at, and not lost with the worker that noticed it.
 */
async function invalidate(
  { epochs, record }: TableWatchParts,
  plan: readonly WatchedQuery[],
  seen: ReadonlyMap<string, SeenTable>,
  { told }: WatchHistory,
): Promise<void> {
  const due = plan
    .map(({ name, tables }) => {
      const changes = tables.map((table) => seen.get(table)?.changedAt ?? 0);
      return { name, at: Math.max(0, ...changes) };
    })
    .filter(({ name, at }) => at > (told.get(name) ?? 0));
  for (const [at, together] of Map.groupBy(due, (query) => query.at)) {
    const queries = together.map(({ name }) => name);
    await epochs.invalidate({ queries }, 'soft', at);
    await record.noteTold(queries, at);
  }
}

function obstaclesIn(
  plan: readonly WatchedQuery[],
  verdicts: Verdicts,
): ReadonlyMap<string, Obstacle> {
  const found = new Map<string, Obstacle>();
  for (const { name, tables, obstacle } of plan) {
    const inTables = tables.map((table) => verdicts.get(table)?.obstacle).find(Boolean);
    const first = obstacle ?? inTables;
    if (first) found.set(name, first);
  }
  return found;
}

function hasChanged(verdicts: Verdicts): (table: string) => boolean {
  return (table) => verdicts.get(table)?.hasChanged === true;
}

async function forgetOld(
  { record }: TableWatchParts,
  plan: readonly WatchedQuery[],
  { seen, told }: WatchHistory,
  now: number,
): Promise<void> {
  const tables = new Set(plan.flatMap((query) => query.tables));
  const queries = new Set(plan.map(({ name }) => name));
  const isOld = (at: number) => now - at > REMEMBERED_MS;
  await record.forget(
    [...seen].flatMap(([table, { seenAt }]) => (isOld(seenAt) && !tables.has(table) ? table : [])),
    [...told].flatMap(([query, at]) => (isOld(at) && !queries.has(query) ? query : [])),
  );
}
