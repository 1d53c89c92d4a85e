import type { FaultRules } from '../faults/fault-rules.ts';
import { translate } from '../sql/translate.ts';
import { BigQueryError } from '../values/bigquery-error.ts';
import { toBigQueryError } from '../warehouse/duckdb-error.ts';
import type { Warehouse } from '../warehouse/open-warehouse.ts';
import { analyse } from './analyse.ts';
import type { Analysis, Job, Outcome } from './job.ts';
import { enterScope, prepareBound } from './prepare.ts';
import { queryLabel } from './query-spec.ts';
import { readRows } from './read-rows.ts';
import { type Statement, statementOf } from './statement.ts';
import { suffer } from './suffer.ts';
import type { WriteLock } from './write-lock.ts';

/** What a job needs around it. */
export interface Surroundings {
  readonly warehouse: Warehouse;
  readonly faults: FaultRules;
  readonly writeLock: WriteLock;
  readonly maxResultBytes: number;
}

/** Takes a job from PENDING to DONE; calls `admit` once the query is known to be valid and within its byte limit. Never rejects. */
export async function perform(job: Job, around: Surroundings, admit: () => void): Promise<void> {
  const outcome = await outcomeOf(job, around, admit).catch(
    (error: unknown): Outcome => ({
      kind: 'failed',
      error: toBigQueryError(job.stop.signal.aborted ? job.stop.signal.reason : error),
    }),
  );
  const startedMs = job.state.name === 'RUNNING' ? job.state.startedMs : job.createdMs;
  job.state = { name: 'DONE', startedMs, endedMs: Date.now(), outcome };
}

async function outcomeOf(job: Job, around: Surroundings, admit: () => void): Promise<Outcome> {
  const { spec, stop, projectId } = job;
  const { warehouse } = around;
  const statement = statementOf(translate(spec.sql), spec);
  await warehouse.tables.ensureProject(projectId);
  const analysis = await warehouse.pool.use(stop.signal, (loan) => {
    job.state = { name: 'RUNNING', startedMs: Date.now() };
    return analyse(loan, projectId, spec, statement, warehouse);
  });
  job.analysis = analysis;
  refuseExpensive(analysis, spec.maxBytesBilled);
  admit();
  if (spec.dryRun) return { kind: 'rows', result: { rows: [], bytes: 0 } };
  const fault = around.faults.strike({ at: 'job', query: spec.labels[queryLabel] });
  if (fault !== undefined) await suffer(fault, stop.signal);
  return analysis.target === undefined
    ? read(job, statement, around)
    : around.writeLock.hold(() => write(job, statement, analysis, around));
}

function refuseExpensive({ bytesBilled }: Analysis, maxBytesBilled = Number.POSITIVE_INFINITY) {
  if (bytesBilled <= maxBytesBilled) return;
  throw new BigQueryError(
    'bytesBilledLimitExceeded',
    `Query exceeded limit for bytes billed: ${maxBytesBilled}. ${bytesBilled} or higher required.`,
  );
}

function read(job: Job, statement: Statement, around: Surroundings): Promise<Outcome> {
  const { signal } = job.stop;
  return around.warehouse.pool.use(signal, async (loan) => {
    await enterScope(loan, job.projectId, job.spec, statement);
    const prepared = await prepareBound(loan, statement.sql, statement.values);
    const stream = await prepared.stream();
    return { kind: 'rows', result: await readRows(stream, around.maxResultBytes, signal) };
  });
}

const MAY_CHANGE_NOTHING = /^\s*CREATE\s+(?:TABLE|VIEW)\s+IF\s+NOT\s+EXISTS\b/i;

async function write(
  job: Job,
  statement: Statement,
  { target }: Analysis,
  { warehouse }: Surroundings,
): Promise<Outcome> {
  const { tables, columnBytes } = warehouse;
  const isLeftAsItIs =
    target !== undefined && MAY_CHANGE_NOTHING.test(statement.sql) && (await tables.has(target));
  const affectedRows = await warehouse.pool.use(job.stop.signal, async (loan) => {
    await enterScope(loan, job.projectId, job.spec, statement);
    const prepared = await prepareBound(loan, statement.sql, statement.values);
    return (await prepared.run()).rowsChanged;
  });
  if (target !== undefined && !isLeftAsItIs) {
    tables.touch(target);
    columnBytes.forget(target);
  }
  return { kind: 'changed', affectedRows };
}
