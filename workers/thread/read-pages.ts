import type { Job } from '@google-cloud/bigquery';
import { MAX_REPLY_BYTES } from './call-warehouse.ts';
import { bad, type Refusal, tooLarge, tooMany } from './refusal.ts';
import { type Page, type RawRow, readNextPage } from './warehouse-job.ts';

/** All pages together carry no more cells than one reply may be large. */
const MAX_CELL_BYTES = MAX_REPLY_BYTES;
/** BigQuery may send a page without rows; a list that goes on with them has no end. */
const MOST_EMPTY_PAGES = 10;

/** A finished job whose pages are to be read. */
export interface FinishedJob {
  readonly job: Job;
  readonly first: Page;
  /** Aborts when nobody wants the rows any more. */
  readonly signal: AbortSignal;
  /** Hears when the warehouse has nothing more to give. */
  readonly onLastPage: () => void;
}

/**
 * Reads all pages of a finished job, at most so many rows, and gives each to `take`, whose refusal ends the reading.
 * Gives back why the result is refused, if it is; rejects when a page cannot be read.
 */
export async function readPages(
  { job, first, signal, onLastPage }: FinishedJob,
  mostRows: number,
  take: (rows: readonly RawRow[]) => Promise<Refusal | undefined>,
): Promise<Refusal | undefined> {
  if (first.totalRows > mostRows) return tooMany(first.totalRows, mostRows);
  let rows = 0;
  let cellBytes = 0;
  let emptyPages = 0;
  for (let page = first; ; page = await readNextPage(job, page.nextToken, signal)) {
    rows += page.rows.length;
    if (rows > mostRows) return tooMany(rows, mostRows);
    // Nor does a list end that goes on with more rows than there are.
    if (rows > first.totalRows)
      return bad(`more than the ${first.totalRows} rows that were told of`);
    cellBytes += page.rows.reduce((bytes, row) => bytes + bytesOf(row), 0);
    if (cellBytes > MAX_CELL_BYTES) return tooLarge(`more than ${MAX_CELL_BYTES} bytes`);
    if (page.rows.length === 0 && ++emptyPages > MOST_EMPTY_PAGES) return bad('pages without end');
    if (page.nextToken === undefined) onLastPage();
    const problem = await take(page.rows);
    if (problem) return problem;
    if (page.nextToken === undefined) break;
    signal.throwIfAborted();
  }
  return rows === first.totalRows ? undefined : bad(`${rows} rows came of ${first.totalRows}`);
}

/** How much text the cells hold, nested ones and repeated ones included; a cell that is no text counts as eight bytes. */
function bytesOf(cell: unknown): number {
  if (typeof cell === 'string') return cell.length;
  if (typeof cell !== 'object' || cell === null) return 8;
  let bytes = 8;
  for (const inner of Object.values(cell)) bytes += bytesOf(inner);
  return bytes;
}
