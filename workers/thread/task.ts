import type { MessagePort } from 'node:worker_threads';
import type { Code } from '../../shared/error-codes.ts';
import type { Parameters } from '../../shared/fingerprint.ts';

/** What is to be run in a thread. */
export interface QueryTask {
  readonly fingerprint: string;
  readonly query: string;
  readonly parameters: Parameters;
  /** Chosen and written down before the task: inserting it twice is harmless. */
  readonly warehouseJobId: string;
  /** Past this the warehouse job is cancelled and the task fails with `timeout`, unless its rows are all there. */
  readonly budgetMs: number;
  /** The fleet's time, as the thread's clock is set by it: see `clockFrom`. */
  readonly epochMs: number;
}

/** A task with the thread's way to hear of its end. */
export interface ThreadTask extends QueryTask {
  /** A message on it ends the task: `cancel` with its warehouse job, `abandon` without. */
  readonly stop: MessagePort;
}

/** What a thread gives back: an encoded entry, moved and not copied, or a failure as plain data. */
export type QueryOutcome = QuerySuccess | QueryFailure;

/** An entry ready to be stored. */
export interface QuerySuccess {
  readonly ok: true;
  readonly bytes: Uint8Array;
  readonly asOf: number;
  /** How long the thread took to write and compress it. */
  readonly encodeMs: number;
}

/** Why there is no entry, and what became of the warehouse job. */
export interface QueryFailure {
  readonly ok: false;
  readonly code: Code;
  readonly detail: string;
  /**
   * `settled`: it will do no more work. `running`: it may still run under its id. `dead`: the id named a job of an
   * earlier flight that had already ended without a result, so the query has not run for this one.
   */
  readonly job: 'settled' | 'running' | 'dead';
  /** The thread ended under the task: out of memory, exited or stuck, by this task's doing or by a neighbour's. */
  readonly died?: true;
}
