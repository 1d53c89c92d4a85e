import { errorOf, type Job, rowsOf } from '../jobs/job.ts';
import { BigQueryError } from '../values/bigquery-error.ts';
import { jobReference } from './job-resource.ts';
import { resultStatistics } from './job-statistics.ts';
import { formatRows, type TimestampFormat } from './timestamp-format.ts';

/** Which rows a caller wants, and how. */
export interface PageRequest {
  readonly kind: 'bigquery#queryResponse' | 'bigquery#getQueryResultsResponse';
  readonly startIndex?: number | undefined;
  readonly maxResults?: number | null | undefined;
  readonly timestamps: TimestampFormat;
}

// BigQuery's own pages end at about this size too, whatever maxResults says.
const maxPageBytes = 10_000_000;

/** One page of a job's rows as JSON text, or `jobComplete: false`; throws the error that the job failed with. */
export function resultPage(job: Job, request: PageRequest): string {
  const error = errorOf(job);
  if (error !== undefined) throw error;
  const head = { kind: request.kind, jobReference: jobReference(job), location: job.location };
  if (job.state.name !== 'DONE') return JSON.stringify({ ...head, jobComplete: false });
  const all = rowsOf(job);
  const start = request.startIndex ?? 0;
  const rows = pageRows(all, start, request.maxResults ?? Number.POSITIVE_INFINITY);
  const end = start + rows.length;
  const fields = job.analysis?.fields ?? [];
  const answer = {
    ...head,
    jobComplete: true,
    ...resultStatistics(job),
    schema: { fields },
    totalRows: String(all.length),
    ...(end < all.length && rows.length > 0 && { pageToken: pageToken(end) }),
  };
  return withRows(answer, formatRows(rows, fields, request.timestamps));
}

/** Reads the row that a page token points at; throws an `invalid` BigQueryError for a foreign token. */
export function startOfPage(token: string): number {
  const text = Buffer.from(token, 'base64url').toString();
  if (!/^row:\d{1,12}$/.test(text)) throw new BigQueryError('invalid', 'Invalid page token');
  return Number(text.slice('row:'.length));
}

/** The token of the page that begins at a row (or any other index). */
export function pageToken(start: number): string {
  return Buffer.from(`row:${start}`).toString('base64url');
}

function pageRows(all: readonly string[], start: number, maxRows: number): readonly string[] {
  let end = start;
  let bytes = 0;
  while (end < all.length && end - start < maxRows) {
    bytes += all[end]?.length ?? 0;
    if (bytes > maxPageBytes && end > start) break;
    end += 1;
  }
  return all.slice(start, end);
}

// The rows are JSON text already; only what stands around them is stringified.
function withRows(answer: object, rows: readonly string[]): string {
  const text = JSON.stringify(answer);
  return rows.length === 0 ? text : `${text.slice(0, -1)},"rows":[${rows.join(',')}]}`;
}
