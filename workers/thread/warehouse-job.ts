import { setTimeout as pause } from 'node:timers/promises';
import type { BigQuery, Job } from '@google-cloud/bigquery';
import type { Query } from '../../shared/catalog/catalog.ts';
import type { Parameters } from '../../shared/fingerprint.ts';
import { clockFrom } from '../../shared/clock.ts';
import { boundParameters } from './bound-parameters.ts';
import { callWarehouse } from './call-warehouse.ts';
import { hasFailed } from './cancel-job.ts';
import { ownReply } from './own-reply.ts';
import { patiently } from './patiently.ts';
import type { WarehouseTask } from './task.ts';
import { warehouseError } from './warehouse-error.ts';

/** Every call gets this long, on top of what it may wait for. */
const CALL_MS = 5_000;
/** How much longer an insert may take when its flight has ended: a job that is known can be cancelled for certain. */
const INSERT_GRACE_MS = 1_000;
const LONGEST_POLL_MS = 5_000;
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

interface JobToStart extends WarehouseTask {
  readonly parameters: Parameters;
}

/** Inserts the query's job under the given id, or attaches to the one that already has it. */
export async function startJob(
  client: BigQuery,
  query: Query,
  { parameters, warehouseJobId: jobId, budgetMs, epochMs }: JobToStart,
  signal: AbortSignal,
): Promise<StartedJob> {
  const clock = clockFrom(epochMs);
  const asOf = clock.now();
  const insertOnce = () => insert(client, query, parameters, jobId, budgetMs, signal);
  try {
    return { job: await patiently(insertOnce, signal, async () => false), attached: false, asOf };
  } catch (error) {
    if (warehouseError(error).reason !== 'duplicate') throw error;
    const job = jobNamed(client, jobId);
    return { job, attached: true, asOf: Math.min(asOf, await startedAt(job, signal)) };
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

function insert(
  client: BigQuery,
  query: Query,
  parameters: Parameters,
  jobId: string,
  budgetMs: number,
  signal: AbortSignal,
): Promise<Job> {
  const create = async () => {
    const [job] = await client.createQueryJob({
      query: query.sql,
      jobId,
      ...boundParameters(query.parameterTypes, parameters),
      maximumBytesBilled: String(query.policy.maxBytesBilled),
      jobTimeoutMs: Math.ceil(budgetMs),
      labels: { punctual_query: query.name, punctual_class: query.policy.class },
    });
    ownReply(job, job.metadata);
    return job;
  };
  return callWarehouse(create, { milliseconds: CALL_MS, signal, graceMs: INSERT_GRACE_MS });
}

async function startedAt(job: Job, signal: AbortSignal): Promise<number> {
  const read = async () => ownReply(job, (await job.getMetadata())[0]);
  const metadata = await callWarehouse(read, { milliseconds: CALL_MS, signal });
  return Number(metadata?.statistics?.startTime ?? metadata?.statistics?.creationTime ?? 0);
}

function readPatiently(job: Job, token: string | undefined, signal: AbortSignal) {
  return patiently(
    () => readPage(job, token, signal),
    signal,
    () => hasFailed(job),
  );
}

/** A failure that came with status 200. */
class FailedReply extends Error {
  readonly errors: readonly { readonly reason?: string }[];

  constructor(told: { readonly reason?: string; readonly message?: string }) {
    super(told.message ?? told.reason);
    this.errors = [told];
  }
}

async function readPage(
  job: Job,
  pageToken: string | undefined,
  signal: AbortSignal,
): Promise<Page | undefined> {
  const options = {
    autoPaginate: false,
    maxResults: PAGE_ROWS,
    timeoutMs: LONGEST_POLL_MS,
    skipParsing: true,
    ...(pageToken === undefined ? {} : { pageToken }),
  };
  try {
    const milliseconds = LONGEST_POLL_MS + CALL_MS;
    const read = async () => {
      const [rows, , response] = await job.getQueryResults(options);
      return { rows, response: ownReply(job, response) };
    };
    const { rows, response } = await callWarehouse(read, { milliseconds, signal });
    if (!response?.schema && response?.errors?.[0]) throw new FailedReply(response.errors[0]);
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
