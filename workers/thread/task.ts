import type { Code } from '../../shared/error-codes.ts';
import type { Parameters } from '../../shared/fingerprint.ts';

/** A warehouse job that is to be run in a thread. */
export interface WarehouseTask {
  readonly query: string;
  /** Chosen and written down before the task: inserting it twice is harmless. */
  readonly warehouseJobId: string;
  /** Past this the warehouse job is cancelled and the task fails with `timeout`, unless its rows are all there. */
  readonly budgetMs: number;
  /** The fleet's time, as the thread's clock is set by it: see `clockFrom`. */
  readonly epochMs: number;
}

/** What one entry is made of: its parameters, and what it is filed under. */
export interface TaskMember {
  readonly fingerprint: string;
  readonly parameters: Parameters;
  /** Its entry says that nobody has asked for it. */
  readonly warmed?: boolean | undefined;
}

/** One entry by a job of its own. */
export interface QueryTask extends WarehouseTask, TaskMember {}

/** Entries for many keys of a batched query by one job; but for the key, the members' parameters are the same. */
export interface BatchTask extends WarehouseTask {
  readonly members: readonly TaskMember[];
}

/** What a thread can be given. */
export type ThreadWork = QueryTask | BatchTask;

/** A task under the number by which its thread knows it. */
export type ThreadTask = ThreadWork & { readonly number: number };

/** Ends a task before its time: `cancel` with its warehouse job, `abandon` without. */
export interface Stop {
  readonly number: number;
  readonly how: 'cancel' | 'abandon';
}

/** What a thread gives back: an encoded entry, moved and not copied, or a failure as plain data. */
export type QueryOutcome = QuerySuccess | QueryFailure;

/** An entry ready to be stored, or, of a batch, many of them one after the other. */
export interface QuerySuccess {
  readonly ok: true;
  readonly bytes: Uint8Array;
  readonly asOf: number;
  /** How long the thread took to write and compress it. */
  readonly encodeMs: number;
  /** Of a batch, in the order of its members. */
  readonly members?: readonly MemberOutcome[];
}

/** Where a member's entry lies within the batch's bytes, or why there is none. */
export type MemberOutcome =
  | { readonly ok: true; readonly from: number; readonly to: number }
  | { readonly ok: false; readonly code: Code; readonly detail: string };

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
