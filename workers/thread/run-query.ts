import type { Job } from '@google-cloud/bigquery';
import { move, transferableSymbol, valueSymbol, workerData } from 'piscina';
import { type Query, queryNamed } from '../../shared/catalog/catalog.ts';
import { loadCatalog } from '../../shared/catalog/load-catalog.ts';
import { encodeEntry } from '../../shared/entry/codec.ts';
import { collectRows } from './collect-rows.ts';
import { connectWarehouse, type WarehouseAddress } from './connect-warehouse.ts';
import { surviveStrayErrors } from './stray-errors.ts';
import type { QueryFailure, QueryOutcome, QueryTask } from './task.ts';
import { warehouseError } from './warehouse-error.ts';
import { awaitFirstPage, cancelJob, jobNamed, type StartedJob, startJob } from './warehouse-job.ts';

/** What a thread is started with. */
export interface ThreadData {
  readonly warehouse: WarehouseAddress;
  readonly catalogFolder: string | undefined;
}

const { warehouse, catalogFolder } = workerData as ThreadData;
const catalog = await loadCatalog(catalogFolder);
const client = connectWarehouse(warehouse);
surviveStrayErrors();

/** Answers at once: the thread has loaded and can run queries. */
export function ready(): true {
  return true;
}

/** Runs one query to an encoded entry within its budget; failures come back as data, because errors lose their fields on the way. */
export default async function runQuery(task: QueryTask): Promise<QueryOutcome> {
  const query = queryNamed(catalog, task.query);
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort('timeout'), task.budgetMs);
  task.stop.once('message', (how) => stop.abort(how));
  try {
    const outcome = await runUntil(stop.signal, query, task);
    return outcome.ok ? movedOut(outcome) : outcome;
  } finally {
    clearTimeout(timer);
    task.stop.close();
  }
}

async function runUntil(signal: AbortSignal, query: Query, task: QueryTask): Promise<QueryOutcome> {
  const begun: { job?: Job } = {};
  const running = run(signal, query, task, begun);
  const stopped = new Promise<undefined>((resolve) => {
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  const outcome = await Promise.race([running, stopped]);
  if (outcome) return outcome;

  running.catch(() => {});
  if (signal.reason === 'abandon')
    return { ok: false, code: 'timeout', detail: 'left to another', job: 'running' };
  const cancelled = await cancelJob(begun.job ?? jobNamed(client, task.warehouseJobId));
  // Without a job in hand its insert may still be under way, and arrive after the cancel.
  const done = cancelled && begun.job !== undefined;
  const detail = signal.reason === 'timeout' ? `no result within ${task.budgetMs} ms` : 'cancelled';
  return { ok: false, code: 'timeout', detail, job: done ? 'settled' : 'running' };
}

async function run(
  signal: AbortSignal,
  query: Query,
  task: QueryTask,
  begun: { job?: Job },
): Promise<QueryOutcome> {
  let started: StartedJob | undefined;
  try {
    const { parameters, warehouseJobId, budgetMs } = task;
    started = await startJob(client, query, parameters, warehouseJobId, budgetMs);
    begun.job = started.job;
    const first = await awaitFirstPage(started.job, signal);
    const collected = await collectRows(started.job, first, query, parameters, signal);
    if (!collected.ok) return { ...collected, job: 'settled' };
    return await encode(query, task, started.asOf, collected.rows);
  } catch (error) {
    return failureOf(error, started);
  }
}

async function encode(
  query: Query,
  { fingerprint }: QueryTask,
  asOf: number,
  rows: readonly object[],
): Promise<QueryOutcome> {
  const encoded = await encodeEntry({
    fingerprint,
    query: query.name,
    version: query.version,
    asOf,
    rowCount: rows.length,
    rows: Buffer.from(JSON.stringify(rows)),
  });
  // A buffer of its own: small ones share a pool, which cannot be moved out of the thread.
  return { ok: true, bytes: new Uint8Array(encoded), asOf };
}

function failureOf(error: unknown, started: StartedJob | undefined): QueryFailure {
  const { code, detail, reason, lost } = warehouseError(error);
  // A job that failed under an id that this flight only found there is an earlier flight's failure.
  if (started?.attached && reason !== undefined) return { ok: false, code, detail, job: 'dead' };
  return { ok: false, code, detail, job: lost ? 'running' : 'settled' };
}

function movedOut(outcome: QueryOutcome & { ok: true }): QueryOutcome {
  const { buffer } = outcome.bytes;
  return move({ [transferableSymbol]: buffer, [valueSymbol]: outcome }) as unknown as QueryOutcome;
}
