import type { BigQuery, Job } from '@google-cloud/bigquery';
import type { Query } from '../../shared/catalog/catalog.ts';
import { EntryTooLargeError } from '../../shared/entry/codec.ts';
import type { Parameters } from '../../shared/fingerprint.ts';
import { cancelJob, hasFailed } from './cancel-job.ts';
import type { Refusal } from './refusal.ts';
import type { QueryFailure, QueryOutcome, QuerySuccess, WarehouseTask } from './task.ts';
import { warehouseError } from './warehouse-error.ts';
import { awaitFirstPage, jobNamed, type Page, type StartedJob, startJob } from './warehouse-job.ts';

/** How far a flight has come. */
interface Progress {
  /** Settles within about a second of the flight's end. */
  starting?: Promise<StartedJob>;
  /** The warehouse has given all it had, and was paid for it. */
  hasAllRows?: boolean;
}

type JobFate = QueryFailure['job'];

/** How a flight's rows become what it brings. */
export interface Cargo {
  /** The parameters of the warehouse job: those of its query; in a batch one of them is a list of keys. */
  readonly parameters: Parameters;
  /**
   * Reads the job's rows from its first page on and encodes them; `onLastPage` hears when the warehouse has nothing more
   * to give. Gives back why the rows are refused, rejects when a page cannot be read.
   */
  bring(
    started: StartedJob,
    first: Page,
    signal: AbortSignal,
    onLastPage: () => void,
  ): Promise<QuerySuccess | Refusal>;
}

/**
 * Runs a query from its insert to its encoded entry, or entries. When the signal aborts, its reason says what becomes of the
 * warehouse job: `abandon` leaves it to whoever flies next, any other cancels it and waits until that is confirmed. A
 * result whose rows are all there is finished nevertheless. Never rejects.
 */
export async function flyQuery(
  client: BigQuery,
  query: Query,
  task: WarehouseTask,
  cargo: Cargo,
  signal: AbortSignal,
): Promise<QueryOutcome> {
  const progress: Progress = {};
  const running = run(client, query, task, cargo, signal, progress);
  const outcome = await Promise.race([running, aborted(signal)]);
  if (outcome) return outcome;
  if (signal.reason === 'abandon')
    return { ok: false, code: 'timeout', detail: 'left to another', job: 'running' };
  if (progress.hasAllRows) return running;

  const done = await cancelStarted(jobNamed(client, task.warehouseJobId), progress);
  const why = signal.reason === 'timeout' ? `no result within ${task.budgetMs} ms` : 'cancelled';
  return done
    ? { ok: false, code: 'timeout', detail: why, job: 'settled' }
    : { ok: false, code: 'timeout', detail: `${why}; the cancel is not confirmed`, job: 'running' };
}

function aborted(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
}

async function run(
  client: BigQuery,
  query: Query,
  task: WarehouseTask,
  cargo: Cargo,
  signal: AbortSignal,
  progress: Progress,
): Promise<QueryOutcome> {
  let started: StartedJob | undefined;
  try {
    progress.starting = startJob(client, query, { ...task, ...cargo }, signal);
    started = await progress.starting;
    const first = await awaitFirstPage(started.job, signal);
    const brought = await cargo.bring(started, first, signal, () => {
      progress.hasAllRows = true;
    });
    return brought.ok ? brought : { ...brought, job: 'settled' };
  } catch (error) {
    return failureOf(error, started, signal);
  }
}

async function failureOf(
  error: unknown,
  started: StartedJob | undefined,
  signal: AbortSignal,
): Promise<QueryFailure> {
  if (error instanceof EntryTooLargeError)
    return { ok: false, code: 'result-too-large', detail: error.message, job: 'settled' };
  const { code, detail } = warehouseError(error);
  // Whoever aborted asks the warehouse himself.
  const job = signal.aborted ? 'running' : await fateOf(error, started);
  return { ok: false, code, detail, job };
}

/** What became of the job after a call that failed. */
async function fateOf(error: unknown, started: StartedJob | undefined): Promise<JobFate> {
  if (!started) return isRefusal(error) ? 'settled' : 'running';
  const { lost, reason, code } = warehouseError(error);
  if (lost || reason === undefined) return 'running';
  if (code === 'result-too-large') return 'settled';
  // A job that failed under an id that this flight only found there is an earlier flight's failure.
  const failed = started.attached ? 'dead' : 'settled';
  if (code !== 'warehouse-failed' && code !== 'quota-exceeded') return failed;
  return (await hasFailed(started.job)) ? failed : 'running';
}

/** Cancels what was started or may have been; true when nothing runs any more. */
async function cancelStarted(job: Job, { starting }: Progress): Promise<boolean> {
  const [start] = await Promise.allSettled([starting]);
  if (start.status === 'rejected' && isRefusal(start.reason)) return true;
  return cancelJob(job, { mayArrive: start.status === 'rejected' });
}

/** The warehouse answered the insert with a no, so there is no job. */
function isRefusal(error: unknown): boolean {
  const { lost, code } = warehouseError(error);
  return !lost && code !== 'warehouse-failed';
}
