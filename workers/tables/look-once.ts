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

/** Tables that are looked at at once. */
const AT_ONCE = 8;
/** A table that has not had its look by then counts as unreadable until the next period. */
const LOOK_WITHIN_MS = 20_000;
/** What was seen of a table, or told of a query, is forgotten when nobody has looked for so long: then it is as new. */
const REMEMBERED_MS = 7 * 24 * 3_600_000;

/** What a look works with. */
export interface LookParts {
  readonly queries: Iterable<Query>;
  readonly threads: Pick<QueryThreads, 'lookAtTable'>;
  readonly queryTables: Pick<QueryTables, 'read'>;
  readonly record: WatchRecord;
  readonly epochs: EpochStore;
  readonly clock: Clock;
  readonly events: TableEvents;
}

/**
 * One look: reads how every table stands, ends the freshness of what depends on a change, and confirms the rest. All of it can be
 * done twice, in part, or by two workers at once without harm: epochs only move forward, and of two looks the older one at
 * most makes the next find a change again.
 */
export async function lookOnce(parts: LookParts): Promise<void> {
  const { clock, queryTables, record, epochs, events } = parts;
  // What is confirmed is that nothing has changed up to here: a change during the reads may have been missed by some of them.
  const beganAt = clock.now();
  const [known, history] = await Promise.all([queryTables.read(), record.read()]);
  const plan = planWatch(parts.queries, known);
  const verdicts = await judgeAll(parts, new Set(plan.flatMap(({ tables }) => tables)), history);
  const seen = latestSeen(history, verdicts);
  await record.noteSeen(new Map([...seen].filter(([table]) => verdicts.get(table)?.seen)));
  tellChanges(parts, plan, verdicts, history);
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
  { threads, clock, events }: LookParts,
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
  { events }: LookParts,
  plan: readonly WatchedQuery[],
  verdicts: Verdicts,
  { seen }: WatchHistory,
): void {
  for (const table of verdicts.keys()) {
    if (!hasChanged(verdicts)(table)) continue;
    const readers = plan.filter(({ tables }) => tables.includes(table)).map(({ name }) => name);
    if (seen.has(table)) events.tableChanged(table, readers);
    else events.tableFirstSeen(table, readers);
  }
}

/**
 * Sees to it that the entries of each query are invalidated up to the last change of its tables, which is remembered when it is
 * done: a change is told once, however often it is looked at, and not lost with the worker that noticed it.
 */
async function invalidate(
  { epochs, record }: LookParts,
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
  { record }: LookParts,
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
