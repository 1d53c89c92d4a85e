import type { Job } from '@google-cloud/bigquery';
import type { Query } from '../../shared/catalog/catalog.ts';
import type { Parameters } from '../../shared/fingerprint.ts';
import { beginTurn } from '../../shared/turn.ts';
import { type Collected, rowReader, transformed } from './check-rows.ts';
import { readPages } from './read-pages.ts';
import type { Page } from './warehouse-job.ts';

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
  const read = rowReader(query, first.fields);
  const rows: object[] = [];
  const finished = { job, first, signal, onLastPage };
  const problem = await readPages(finished, query.policy.maxRows, (page) =>
    read(page, rows, beginTurn()),
  );
  return problem ?? transformed(query, rows, parameters, beginTurn());
}
