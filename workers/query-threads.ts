import { setTimeout as pause } from 'node:timers/promises';
import { openThread, type QueryThread } from './pool/query-thread.ts';
import type { ThreadNews, ThreadSettings } from './pool/thread-life.ts';
import { openWard } from './pool/ward.ts';
import type { DryRun } from './thread/dry-run.ts';
import type { TableLook } from './thread/look-at-table.ts';
import type { ThreadData } from './thread/run-query.ts';
import type { QueryOutcome, ThreadWork } from './thread/task.ts';

const MAX_HEAP_MB = 1_024;
/** Before a place whose thread could not even load gets another. */
const RELOAD_MS = 1_000;

/** The threads that run queries: few of them, many queries in each at once. */
export interface QueryThreads {
  /**
   * Runs a query in a thread. Aborting `signal` with the reason `abandon` leaves it at once and lets its warehouse job run;
   * with any other it cancels the job, which takes until the warehouse has confirmed. `alone` gives it a thread to
   * itself, so that a task which dies there is known to be the one that kills. Never rejects.
   */
  run(
    task: ThreadWork,
    signal: AbortSignal,
    how?: { readonly alone: boolean },
  ): Promise<QueryOutcome>;
  /** Cancels a warehouse job by its id; true when that is confirmed. Never rejects. */
  cancel(warehouseJobId: string): Promise<boolean>;
  /** Dry-runs a query of the catalog. Never rejects. */
  dryRun(query: string): Promise<DryRun>;
  /** Reads how a table, `project.dataset.table`, stands. Never rejects. */
  lookAtTable(table: string): Promise<TableLook>;
  close(): Promise<void>;
}

/** Starts the threads and waits until they have loaded; rejects when one cannot. A thread that ends later is replaced. */
export async function startQueryThreads(
  count: number,
  data: ThreadData,
  news: ThreadNews,
  maxHeapMb = MAX_HEAP_MB,
): Promise<QueryThreads> {
  const settings: ThreadSettings = { data, maxHeapMb, ...news };
  const closing = new AbortController();
  const places = Array.from({ length: count }, () => keepPlace(settings, closing.signal));
  const ward = openWard(() => openThread(settings));
  const close = async () => {
    closing.abort();
    await Promise.all([ward.close(), ...places.map(({ thread }) => thread.close())]);
  };
  try {
    await Promise.all(places.map(({ thread }) => thread.loaded));
  } catch (error) {
    await close();
    throw error;
  }
  return {
    run: (task, signal, how) =>
      how?.alone ? ward.run(task, signal) : leastLoaded(places).run(task, signal),
    cancel: (warehouseJobId) => leastLoaded(places).cancel(warehouseJobId),
    dryRun: (query) => leastLoaded(places).dryRun(query),
    lookAtTable: (table) => leastLoaded(places).lookAtTable(table),
    close,
  };
}

/** A place for one thread. Only while threads cannot be loaded is the one in it gone. */
interface Place {
  readonly thread: QueryThread;
}

function keepPlace(settings: ThreadSettings, closing: AbortSignal): Place {
  const open = () => openThread(settings, (hadLoaded) => void refill(hadLoaded));
  const refill = async (hadLoaded: boolean) => {
    if (!hadLoaded) await pause(RELOAD_MS, undefined, { ref: false });
    if (!closing.aborted) place.thread = open();
  };
  const place = { thread: open() };
  return place;
}

/** Of the threads that are up the one with the fewest tasks; else one that loads, else one that can only say why not. */
function leastLoaded(places: readonly Place[]): QueryThread {
  const rank = { up: 0, loading: 1, gone: 2 };
  return places
    .map(({ thread }) => thread)
    .reduce((best, next) =>
      rank[next.state] - rank[best.state] || next.tasks - best.tasks < 0 ? next : best,
    );
}
