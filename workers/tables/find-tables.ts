import type { Redis } from 'ioredis';
import type { Query } from '../../shared/catalog/catalog.ts';
import type { Clock } from '../../shared/clock.ts';
import { createQueryTables } from '../../shared/epochs/query-tables.ts';
import { TABLES_FOUND_KEY } from '../../shared/redis/keys.ts';
import type { QueryThreads } from '../query-threads.ts';
import { atMost } from './at-most.ts';
import type { TableEvents } from './table-events.ts';

/** Dry runs under way at once. */
const AT_ONCE = 4;
/** A view may read other tables tomorrow. */
const FOUND_FOR_MS = 24 * 3_600_000;
/** A query that no worker has found for so long is in nobody's catalog any more. */
const REMEMBERED_MS = 30 * 24 * 3_600_000;
/** How often a worker looks whether something is to be found: Redis may have lost it. */
const EVERY_MS = 60_000;
const FIRST_GAP_MS = 1_000;
const LONGEST_GAP_MS = 5 * 60_000;

/** Finds out, in the background, which tables the queries of a catalog read, and writes it down for the fleet. */
export interface TableFinder {
  /** Begins; resolves after the first round, whatever it came to. Later rounds follow by themselves, sooner where something is missing. */
  start(): Promise<void>;
  stop(): void;
  /** One round over all queries: whether the tables of every one are known now. Never rejects. */
  tick(): Promise<boolean>;
}

/** What a finder works with. */
export interface TableFinderParts {
  readonly queries: Iterable<Query>;
  readonly queue: Redis;
  readonly threads: Pick<QueryThreads, 'dryRun'>;
  readonly clock: Clock;
  readonly events: Pick<TableEvents, 'tablesUnknown' | 'searchFailed'>;
}

/** The finder of one worker process. */
export function createTableFinder(parts: TableFinderParts): TableFinder {
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  const tick = () =>
    findMissing(parts, () => isOver).catch((error: unknown) => {
      if (!isOver) parts.events.searchFailed(error);
      return false;
    });
  const round = async (gapMs: number): Promise<void> => {
    const areAllKnown = await tick();
    if (isOver) return;
    const nextGapMs = areAllKnown ? FIRST_GAP_MS : Math.min(gapMs * 2, LONGEST_GAP_MS);
    timer = setTimeout(() => void round(nextGapMs), areAllKnown ? EVERY_MS : gapMs).unref();
  };
  return {
    start: () => round(FIRST_GAP_MS),
    stop() {
      isOver = true;
      clearTimeout(timer);
    },
    tick,
  };
}

async function findMissing(
  { queries, queue, threads, clock, events }: TableFinderParts,
  isOver: () => boolean,
): Promise<boolean> {
  const queryTables = createQueryTables(queue);
  const [known, foundAt] = await Promise.all([queryTables.read(), queue.hgetall(TABLES_FOUND_KEY)]);
  const ageMs = (name: string) => clock.now() - Number(foundAt[name] ?? 0);
  const isMissing = ({ name, version }: Query) =>
    known.get(name)?.version !== version || ageMs(name) > FOUND_FOR_MS;
  const found = await atMost(AT_ONCE, [...queries].filter(isMissing), async (query) => {
    if (isOver()) return false;
    const planned = await threads.dryRun(query.name);
    // What fails when the threads are ended is no news.
    if (isOver()) return false;
    if (!planned.ok) {
      events.tablesUnknown(query.name, planned.problem);
      return false;
    }
    await queryTables.write(query.name, query.version, planned.reads);
    await queue.hset(TABLES_FOUND_KEY, query.name, clock.now());
    return true;
  });
  const own = new Set([...queries].map(({ name }) => name));
  const lost = Object.keys(foundAt).filter((name) => !own.has(name) && ageMs(name) > REMEMBERED_MS);
  if (lost.length > 0) await queue.hdel(TABLES_FOUND_KEY, ...lost);
  await queryTables.forget(lost);
  return found.every(Boolean);
}
