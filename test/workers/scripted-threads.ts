import { monotonicClock } from '../../shared/clock.ts';
import type { Code } from '../../shared/error-codes.ts';
import { makeEntry, encoded } from '../shared/entry/make-entry.ts';
import type { QueryThreads } from '../../workers/query-threads.ts';
import type { QueryOutcome, QueryTask } from '../../workers/thread/task.ts';

/** How a run goes on, if nobody stops it: an entry, a failure, or the death of its thread. */
export type Ending = 'ok' | 'fails' | 'dies';

/** A query that runs, or has run, in a thread. */
export interface Run {
  readonly crew: number;
  readonly fingerprint: string;
  readonly jobId: string;
  readonly alone: boolean;
  /** Ends the run; later calls change nothing. */
  end(how: Ending): void;
  /** Why it was stopped, if it was. */
  stopped: string | undefined;
  isOver: boolean;
}

/** A job in the warehouse, whoever fetches its rows. */
export interface WarehouseJob {
  readonly id: string;
  readonly fingerprint: string;
  readonly startedAt: number;
  state: 'running' | 'ended' | 'cancelled';
}

/** A warehouse, and the threads of all crews that run queries in it. */
export interface ScriptedWarehouse {
  readonly runs: readonly Run[];
  readonly jobs: ReadonlyMap<string, WarehouseJob>;
  threadsOf(crew: number): QueryThreads;
}

/** Runs go on until they are ended or stopped; `onRun` hears of each as it begins, `onStop` as it is stopped. */
export function createScriptedWarehouse(
  onRun: (run: Run) => void,
  onStop: (run: Run) => void = () => undefined,
): ScriptedWarehouse {
  const runs: Run[] = [];
  const jobs = new Map<string, WarehouseJob>();
  const run = async (
    crew: number,
    task: QueryTask,
    signal: AbortSignal,
    alone: boolean,
  ): Promise<QueryOutcome> => {
    const { fingerprint, warehouseJobId: id } = task;
    const standing = jobs.get(id);
    if (standing?.state === 'cancelled') return failure('warehouse-failed', 'dead');
    const job: WarehouseJob = standing ?? {
      id,
      fingerprint,
      startedAt: monotonicClock.now(),
      state: 'running',
    };
    jobs.set(id, job);
    const ended = Promise.withResolvers<Ending | 'stopped'>();
    const mine: Run = {
      crew,
      fingerprint,
      jobId: id,
      alone,
      end: ended.resolve,
      stopped: undefined,
      isOver: false,
    };
    const stop = () => {
      mine.stopped = String(signal.reason);
      onStop(mine);
      ended.resolve('stopped');
    };
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
    runs.push(mine);
    onRun(mine);
    const how = await ended.promise;
    mine.isOver = true;
    return outcomeOf(how, mine, job);
  };
  return {
    runs,
    jobs,
    threadsOf: (crew) => ({
      async run(task, signal, how) {
        if ('members' in task) throw new Error('no batches are scripted here');
        return run(crew, task, signal, how?.alone === true);
      },
      async cancel(id) {
        const job = jobs.get(id);
        if (job?.state === 'running') job.state = 'cancelled';
        return true;
      },
      dryRun: async () => ({ ok: false, problem: 'as scripted' }),
      lookAtTable: async () => ({ kind: 'unreadable', problem: 'as scripted' }),
      close: async () => undefined,
    }),
  };
}

async function outcomeOf(
  how: Ending | 'stopped',
  { stopped, fingerprint }: Run,
  job: WarehouseJob,
): Promise<QueryOutcome> {
  switch (how) {
    case 'ok': {
      job.state = 'ended';
      const asOf = job.startedAt;
      const { bytes } = await encoded(makeEntry({ fingerprint, asOf }));
      return { ok: true, bytes, asOf, encodeMs: 0 };
    }
    case 'fails':
      job.state = 'ended';
      return failure('warehouse-failed', 'settled');
    case 'dies':
      return { ...failure('internal', 'running'), died: true };
    case 'stopped':
      if (stopped === 'abandon') return failure('internal', 'running');
      if (job.state === 'running') job.state = 'cancelled';
      return failure('timeout', 'settled');
    default:
      return how satisfies never;
  }
}

function failure(code: Code, job: 'settled' | 'running' | 'dead') {
  return { ok: false, code, detail: 'as scripted', job } as const;
}
