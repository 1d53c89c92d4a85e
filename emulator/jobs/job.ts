import type { BigQueryError } from '../values/bigquery-error.ts';
import type { Field } from '../values/field.ts';
import type { TableName } from '../warehouse/table-name.ts';
import type { QuerySpec } from './query-spec.ts';

/** What is known of a query before it runs. */
export interface Analysis {
  readonly statementType: string;
  readonly fields: readonly Field[];
  readonly referencedTables: readonly TableName[];
  /** The table that the statement writes to, if it does. */
  readonly target?: TableName;
  readonly bytesProcessed: number;
  readonly bytesBilled: number;
}

/** The kept result of a query: each row as the JSON text `{"f":[…]}`, timestamps as int64 microseconds. */
export interface StoredRows {
  readonly rows: readonly string[];
  readonly bytes: number;
}

export type Outcome =
  | { readonly kind: 'rows'; readonly result: StoredRows }
  | { readonly kind: 'changed'; readonly affectedRows: number }
  | { readonly kind: 'failed'; readonly error: BigQueryError };

type JobState =
  | { readonly name: 'PENDING' }
  | { readonly name: 'RUNNING'; readonly startedMs: number }
  | {
      readonly name: 'DONE';
      readonly startedMs: number;
      readonly endedMs: number;
      readonly outcome: Outcome;
    };

/**
 * One query job. It goes PENDING → RUNNING → DONE; `admitted` settles when it is known whether the query is valid at all,
 * `settled` when it is DONE. Neither rejects. `stop` ends it early with a BigQueryError as the signal's reason.
 */
export interface Job {
  readonly projectId: string;
  readonly jobId: string;
  readonly location: string;
  readonly requestId?: string | undefined;
  readonly spec: QuerySpec;
  readonly createdMs: number;
  readonly stop: AbortController;
  readonly admitted: Promise<void>;
  readonly settled: Promise<void>;
  state: JobState;
  isCancelled: boolean;
  /** How often it has been asked for, by the kind of call. */
  readonly calls: Record<string, number>;
  analysis?: Analysis;
}

/** The error that the job ended with, if it did. */
export function errorOf({ state }: Job): BigQueryError | undefined {
  return state.name === 'DONE' && state.outcome.kind === 'failed' ? state.outcome.error : undefined;
}

/** The kept rows; none while the job runs, after a failure, and for statements that give none. */
export function rowsOf({ state }: Job): readonly string[] {
  return state.name === 'DONE' && state.outcome.kind === 'rows' ? state.outcome.result.rows : [];
}
