import type { Job } from '@google-cloud/bigquery';
import { z } from 'zod';
import type { Query } from '../../shared/catalog/catalog.ts';
import { jsonFields } from '../../shared/catalog/parameter-types.ts';
import type { Parameters } from '../../shared/fingerprint.ts';
import { InexactCell, rowDecoder } from './decode-row.ts';
import { type Page, readNextPage } from './warehouse-job.ts';

/** Rows as they were declared, or why the result is refused: a row is never cut, dropped or altered silently. */
export type Collected =
  | { readonly ok: true; readonly rows: readonly object[] }
  | {
      readonly ok: false;
      readonly code: 'bad-result' | 'result-too-large';
      readonly detail: string;
    };

/** Reads all pages of a finished job, decodes and checks every row, and applies the query's transform. */
export async function collectRows(
  job: Job,
  first: Page,
  query: Query,
  parameters: Parameters,
  signal: AbortSignal,
): Promise<Collected> {
  const { maxRows } = query.policy;
  if (first.totalRows > maxRows)
    return {
      ok: false,
      code: 'result-too-large',
      detail: `${first.totalRows} rows, allowed are ${maxRows}`,
    };
  const decode = rowDecoder(first.fields, jsonFields(query.row, 'output'));
  const rows: object[] = [];
  try {
    for (let page = first; ; page = await readNextPage(job, page.nextToken, signal)) {
      rows.push(...checkRows(query, page.rows.map(decode), rows.length));
      if (rows.length > maxRows)
        return {
          ok: false,
          code: 'result-too-large',
          detail: `more than the ${maxRows} rows allowed`,
        };
      if (page.nextToken === undefined) break;
      signal.throwIfAborted();
    }
    if (rows.length !== first.totalRows)
      return {
        ok: false,
        code: 'bad-result',
        detail: `${rows.length} rows came of ${first.totalRows}`,
      };
    if (!query.transform) return { ok: true, rows };
    return { ok: true, rows: checkRows(query, query.transform(rows, parameters), 0) };
  } catch (error) {
    if (error instanceof InexactCell || error instanceof UnfitRow)
      return { ok: false, code: 'bad-result', detail: error.message };
    throw error;
  }
}

class UnfitRow extends Error {}

function checkRows(query: Query, rows: object[], offset: number): object[] {
  const checked = z.array(query.row).safeParse(rows);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  const [index, ...path] = issue?.path ?? [];
  throw new UnfitRow(`row ${offset + Number(index)}, ${path.join('.')}: ${issue?.message}`);
}
