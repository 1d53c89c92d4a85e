import pTimeout from 'p-timeout';
import { bounded } from '../../shared/bounded.ts';
import type { DryRun } from '../thread/dry-run.ts';
import type { TableLook } from '../thread/look-at-table.ts';
import type { QueryFailure, QueryOutcome, Stop, ThreadTask, ThreadWork } from '../thread/task.ts';
import { beginLife, type ThreadLife, type ThreadSettings } from './thread-life.ts';

/** A thread confirms its cancel within about eleven seconds of its budget's end. */
const GRACE_MS = 12_000;
const CANCEL_MS = 11_000;
/** Somewhat longer than the thread itself gives each. */
const PLAN_MS = 11_000;
const LOOK_MS = 6_000;
const LOAD_MS = 30_000;

/** Tasks are told apart by it, in whichever thread they run. */
let nextNumber = 0;

/** One thread. It runs many tasks at once, and its end, whatever the reason, is the end of these and of no others. */
export interface QueryThread {
  /** How many tasks it has. */
  readonly tasks: number;
  readonly state: 'loading' | 'up' | 'gone';
  /** Settles when the thread has loaded; rejects when it cannot. */
  readonly loaded: Promise<void>;
  /** Never rejects. A task whose thread has not loaded within its budget fails, and has not died. */
  run(task: ThreadWork, signal: AbortSignal): Promise<QueryOutcome>;
  /** Cancels a warehouse job by its id; true when that is confirmed. Never rejects. */
  cancel(warehouseJobId: string): Promise<boolean>;
  /** Dry-runs a query of the catalog. Never rejects. */
  dryRun(query: string): Promise<DryRun>;
  /** Reads how a table, `project.dataset.table`, stands. Never rejects. */
  lookAtTable(table: string): Promise<TableLook>;
  /** Ends the thread at once, and with it what still runs in it. */
  close(): Promise<void>;
}

/**
 * Starts a thread. One that makes no beat any more is ended, like one that has crashed. `onGone` hears of its end at
 * once, unless it was closed.
 */
export function openThread(
  settings: ThreadSettings,
  onGone: (hadLoaded: boolean) => void = () => {},
): QueryThread {
  let isUp = false;
  let isClosed = false;
  let tasks = 0;
  const life = beginLife(settings, () => {
    if (isClosed) return;
    onGone(isUp);
    void life.end().then(settings.onEnd);
  });
  const loaded = load(life).then(() => {
    isUp = true;
  });
  // Whoever needs the thread hears of it by himself.
  loaded.catch(() => {});
  return {
    get tasks() {
      return tasks;
    },
    get state() {
      if (life.isOver) return 'gone';
      return isUp ? 'up' : 'loading';
    },
    loaded,
    async run(task, signal) {
      const begunAt = performance.now();
      tasks += 1;
      try {
        if (!isUp) await pTimeout(loaded, { milliseconds: Math.max(1, task.budgetMs), signal });
        const budgetMs = Math.round(task.budgetMs - (performance.now() - begunAt));
        // A pool that has ended would start another thread, of which nobody knows.
        if (life.isOver || budgetMs <= 0) return failure('its thread came too late or is gone');
        return await runLoaded(life, { ...task, budgetMs }, signal);
      } catch (error) {
        return failure(`no thread could take the task: ${String(error)}`);
      } finally {
        tasks -= 1;
      }
    },
    cancel: (warehouseJobId) =>
      ask<boolean>(life, 'cancel', warehouseJobId, CANCEL_MS).catch(() => false),
    dryRun: (query) =>
      ask<DryRun>(life, 'plan', query, PLAN_MS).catch((error: unknown) => ({
        ok: false,
        problem: String(error),
      })),
    lookAtTable: (table) =>
      ask<TableLook>(life, 'look', table, LOOK_MS).catch((error: unknown) => ({
        kind: 'unreadable',
        problem: String(error),
      })),
    async close() {
      isClosed = true;
      life.blame('it was closed');
      await life.end();
    },
  };
}

async function load(life: ThreadLife): Promise<void> {
  try {
    await bounded(life.pool.run(undefined, { name: 'ready' }), LOAD_MS, 'a new query thread');
  } catch (error) {
    life.blame(error);
    throw new Error(await life.end(), { cause: error });
  }
}

/** Calls one of the thread's short errands; rejects when it has ended, or does not answer in time. */
async function ask<T>(
  life: ThreadLife,
  name: 'cancel' | 'plan' | 'look',
  about: string,
  milliseconds: number,
): Promise<T> {
  // A pool that has ended would start another thread, of which nobody knows.
  if (life.isOver) throw new Error('the thread has ended');
  const asking: Promise<T> = life.pool.run(about, { name });
  return bounded(asking, milliseconds, 'a query thread');
}

async function runLoaded(
  life: ThreadLife,
  task: ThreadWork,
  signal: AbortSignal,
): Promise<QueryOutcome> {
  const given: ThreadTask = { ...task, number: nextNumber++ };
  const stop = () => stopTask(life, given.number, signal);
  signal.addEventListener('abort', stop, { once: true });
  try {
    const running: Promise<QueryOutcome> = life.pool.run(given);
    if (signal.aborted) stop();
    return await bounded(running, task.budgetMs + GRACE_MS, 'a query thread');
  } catch (error) {
    // Its thread lives, and with it its neighbours; only this task has no end.
    if (!life.isOver) return failure(String(error));
    life.blame(error);
    return { ...failure(`the thread ended: ${await life.end()}`), died: true };
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Comes after the task, for a pool keeps the order; what ends meanwhile has nothing left to stop. */
function stopTask({ isOver, pool }: ThreadLife, number: number, { reason }: AbortSignal): void {
  if (isOver) return;
  const stop: Stop = { number, how: reason === 'abandon' ? 'abandon' : 'cancel' };
  pool.run(stop, { name: 'stop' }).catch(() => {});
}

function failure(detail: string): QueryFailure {
  return { ok: false, code: 'internal', detail, job: 'running' };
}
