import { setTimeout as pause } from 'node:timers/promises';
import type { BigQuery, Job } from '@google-cloud/bigquery';
import { bounded } from '../../shared/bounded.ts';
import type { Query } from '../../shared/catalog/catalog.ts';
import type { Parameters } from '../../shared/fingerprint.ts';
import { monotonicClock } from '../../shared/clock.ts';
import { boundParameters } from './bound-parameters.ts';
import { warehouseError } from './warehouse-error.ts';

/** The client has no deadline of its own and can hang for good: every call gets this one on top of what it may wait for. */
const CALL_MS = 5_000;
const WAREHOUSE = 'the warehouse';
const LONGEST_POLL_MS = 5_000;
/** Between the tries of a cancel; with two calls of a second each, the whole stays below ten. */
const CANCEL_GAPS_MS = [100, 200, 400, 800];
/** Before the second and the third try of a read whose answer was lost: reading again does no harm. */
const LOST_GAPS_MS = [200, 800];
const PAGE_ROWS = 10_000;

/** A column as BigQuery describes it in `schema.fields`. */
export interface Field {
  readonly name: string;
  readonly type: string;
  readonly mode?: string;
  readonly fields?: readonly Field[];
}

/** A row as it comes over the wire: cells in the order of the schema, every scalar a string. */
export interface RawRow {
  readonly f: readonly { readonly v: unknown }[];
}

/** One page of a finished job's rows. */
export interface Page {
  readonly fields: readonly Field[];
  readonly rows: readonly RawRow[];
  readonly totalRows: number;
  readonly nextToken: string | undefined;
}

/** A warehouse job that was started now, or one that an earlier flight had started under the same id. */
export interface StartedJob {
  readonly job: Job;
  readonly attached: boolean;
  /** When the warehouse began to read, milliseconds since the epoch. */
  readonly asOf: number;
}

/** Inserts the query's job under the given id, or attaches to the one that already has it. */
export async function startJob(
  client: BigQuery,
  query: Query,
  parameters: Parameters,
  jobId: string,
  budgetMs: number,
): Promise<StartedJob> {
  const asOf = monotonicClock.now();
  try {
    const job = await insertTwice(() => insert(client, query, parameters, jobId, budgetMs));
    return { job, attached: false, asOf };
  } catch (error) {
    if (warehouseError(error).reason !== 'duplicate') throw error;
    const job = client.job(
      jobId,
      client.location === undefined ? {} : { location: client.location },
    );
    return { job, attached: true, asOf: Math.min(asOf, await startedAt(job)) };
  }
}

/** The job of that id, whether it exists or not. */
export function jobNamed(client: BigQuery, jobId: string): Job {
  return client.job(jobId, client.location === undefined ? {} : { location: client.location });
}

/** Waits for the job, polling no faster than it must, and returns the first page of its rows. */
export async function awaitFirstPage(job: Job, signal: AbortSignal): Promise<Page> {
  for (let gapMs = 100; ; gapMs = Math.min(gapMs * 2, LONGEST_POLL_MS)) {
    const polledAt = performance.now();
    const page = await readPatiently(job, undefined, signal);
    if (page) return page;
    signal.throwIfAborted();
    // A server that answers "not yet" at once would otherwise be asked thousands of times.
    await pause(Math.max(0, gapMs - (performance.now() - polledAt)), undefined, { signal });
  }
}

/** The page after the one that named this token. */
export async function readNextPage(job: Job, token: string, signal: AbortSignal): Promise<Page> {
  const page = await readPatiently(job, token, signal);
  if (!page) throw new Error('a finished job says that it is not complete');
  return page;
}

/** Cancels the job and waits until it says that it is done: true when it has, false when it may still run. */
export async function cancelJob(job: Job): Promise<boolean> {
  for (const gapMs of CANCEL_GAPS_MS) {
    try {
      await bounded(job.cancel(), 1_000, WAREHOUSE);
      const [metadata] = await bounded(job.getMetadata(), 1_000, WAREHOUSE);
      if (metadata?.status?.state === 'DONE') return true;
    } catch (error) {
      if (warehouseError(error).reason === 'notFound') return true;
    }
    await pause(gapMs);
  }
  return false;
}

async function insert(
  client: BigQuery,
  query: Query,
  parameters: Parameters,
  jobId: string,
  budgetMs: number,
): Promise<Job> {
  const creating = client.createQueryJob({
    query: query.sql,
    jobId,
    ...boundParameters(query.parameterTypes, parameters),
    maximumBytesBilled: String(query.policy.maxBytesBilled),
    jobTimeoutMs: Math.ceil(budgetMs),
    labels: { punctual_query: query.name, punctual_class: query.policy.class },
  });
  const [job] = await bounded(creating, CALL_MS, WAREHOUSE);
  return job;
}

/** Our own id makes an insert idempotent, so one whose answer was lost is sent once more. */
async function insertTwice(insertOnce: () => Promise<Job>): Promise<Job> {
  try {
    return await insertOnce();
  } catch (error) {
    if (!warehouseError(error).lost) throw error;
    return insertOnce();
  }
}

async function startedAt(job: Job): Promise<number> {
  const [metadata] = await bounded(job.getMetadata(), CALL_MS, WAREHOUSE);
  return Number(metadata?.statistics?.startTime ?? metadata?.statistics?.creationTime ?? 0);
}

async function readPatiently(
  job: Job,
  pageToken: string | undefined,
  signal: AbortSignal,
): Promise<Page | undefined> {
  for (const gapMs of LOST_GAPS_MS) {
    try {
      return await readPage(job, pageToken);
    } catch (error) {
      if (!warehouseError(error).lost) throw error;
      await pause(gapMs, undefined, { signal });
    }
  }
  return readPage(job, pageToken);
}

async function readPage(job: Job, pageToken: string | undefined): Promise<Page | undefined> {
  const options = {
    autoPaginate: false,
    maxResults: PAGE_ROWS,
    timeoutMs: LONGEST_POLL_MS,
    skipParsing: true,
    ...(pageToken === undefined ? {} : { pageToken }),
  };
  try {
    const [rows, , response] = await bounded(
      job.getQueryResults(options),
      LONGEST_POLL_MS + CALL_MS,
      WAREHOUSE,
    );
    // The client takes a reply that says nothing, such as `{}`, for a finished job without rows.
    if (response?.jobComplete !== true || !response.schema?.fields || !response.totalRows)
      throw new Error('the warehouse gave a reply without jobComplete, schema or totalRows');
    return {
      fields: response.schema.fields as readonly Field[],
      rows: rows as readonly RawRow[],
      totalRows: Number(response.totalRows),
      nextToken: response.pageToken,
    };
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('The query did not complete before'))
      return undefined;
    throw error;
  }
}
