import type { Job } from '@google-cloud/bigquery';
import type { Query } from '../../shared/catalog/catalog.ts';
import { jsonFields } from '../../shared/catalog/parameter-types.ts';
import type { Parameters } from '../../shared/fingerprint.ts';
import { MAX_REPLY_BYTES } from './call-warehouse.ts';
import { rowDecoder } from './decode-row.ts';
import { beginTurn } from '../../shared/turn.ts';
import { type Page, type RawRow, readNextPage } from './warehouse-job.ts';

/** All pages together carry no more cells than one reply may be large. */
const MAX_CELL_BYTES = MAX_REPLY_BYTES;
/** BigQuery may send a page without rows; a list that goes on with them has no end. */
const MOST_EMPTY_PAGES = 10;

/** Rows as they were declared, or why the result is refused: a row is never cut, dropped or altered silently. */
export type Collected = { readonly ok: true; readonly rows: readonly object[] } | Refusal;

interface Refusal {
  readonly ok: false;
  readonly code: 'bad-result' | 'result-too-large';
  readonly detail: string;
}

/**
 * Reads all pages of a finished job, decodes and checks every row, and applies the query's transform. `onLastPage` hears
 * when the warehouse has nothing more to give; from then on the signal changes nothing. Rejects when a page cannot be read.
 */
export async function collectRows(
  job: Job,
  first: Page,
  query: Query,
  parameters: Parameters,
  signal: AbortSignal,
  onLastPage: () => void = () => {},
): Promise<Collected> {
  if (first.totalRows > query.policy.maxRows) return tooMany(first.totalRows, query);
  const read = rowReader(query, first);
  const rows: object[] = [];
  let cellBytes = 0;
  let emptyPages = 0;
  for (let page = first; ; page = await readNextPage(job, page.nextToken, signal)) {
    if (rows.length + page.rows.length > query.policy.maxRows)
      return tooMany(rows.length + page.rows.length, query);
    // Nor does a list end that goes on with more rows than there are.
    if (rows.length + page.rows.length > first.totalRows)
      return bad(`more than the ${first.totalRows} rows that were told of`);
    cellBytes += page.rows.reduce((bytes, row) => bytes + bytesOf(row), 0);
    if (cellBytes > MAX_CELL_BYTES) return tooLarge(`more than ${MAX_CELL_BYTES} bytes`);
    if (page.rows.length === 0 && ++emptyPages > MOST_EMPTY_PAGES) return bad('pages without end');
    if (page.nextToken === undefined) onLastPage();
    const problem = await read(page.rows, rows);
    if (problem) return problem;
    if (page.nextToken === undefined) break;
    signal.throwIfAborted();
  }
  if (rows.length !== first.totalRows) return bad(`${rows.length} rows came of ${first.totalRows}`);
  return query.transform
    ? transformed(query, query.transform, rows, parameters)
    : { ok: true, rows };
}

/** Decodes and checks rows into a list, with turns for the thread's other tasks; gives back what is wrong with them. */
function rowReader(query: Query, { fields }: Page) {
  const decode = rowDecoder(fields, jsonFields(query.row, 'output'));
  return async (page: readonly RawRow[], into: object[]): Promise<Refusal | undefined> => {
    const turn = beginTurn();
    for (const raw of page) {
      try {
        into.push(checkedRow(query, decode(raw), into.length));
      } catch (error) {
        return bad(messageOf(error));
      }
      if (turn.isOver()) await turn.pass();
    }
    return undefined;
  };
}

async function transformed(
  query: Query,
  transform: NonNullable<Query['transform']>,
  rows: object[],
  parameters: Parameters,
): Promise<Collected> {
  const turn = beginTurn();
  const checked: object[] = [];
  try {
    for (const row of transform(rows, parameters)) {
      checked.push(checkedRow(query, row, checked.length));
      if (checked.length > query.policy.maxRows) return tooMany(checked.length, query);
      if (turn.isOver()) await turn.pass();
    }
    return { ok: true, rows: checked };
  } catch (error) {
    return bad(`after the transform: ${messageOf(error)}`);
  }
}

/** Throws when the row does not fit its declaration. */
function checkedRow(query: Query, row: object, index: number): object {
  const checked = query.row.safeParse(row);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  throw new Error(`row ${index}, ${issue?.path.join('.')}: ${issue?.message}`);
}

/** How much text the cells hold, nested ones and repeated ones included; a cell that is no text counts as eight bytes. */
function bytesOf(cell: unknown): number {
  if (typeof cell === 'string') return cell.length;
  if (typeof cell !== 'object' || cell === null) return 8;
  let bytes = 8;
  for (const inner of Object.values(cell)) bytes += bytesOf(inner);
  return bytes;
}

function tooMany(rows: number, query: Query): Refusal {
  return tooLarge(`${rows} rows, allowed are ${query.policy.maxRows}`);
}

function tooLarge(detail: string): Refusal {
  return { ok: false, code: 'result-too-large', detail };
}

function bad(detail: string): Refusal {
  return { ok: false, code: 'bad-result', detail };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
