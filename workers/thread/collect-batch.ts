import type { Job } from '@google-cloud/bigquery';
import type { Query } from '../../shared/catalog/catalog.ts';
import type { Parameters } from '../../shared/fingerprint.ts';
import { beginTurn, type Turn } from '../../shared/turn.ts';
import { type Collected, rowReader, transformed } from './check-rows.ts';
import { InexactCell, rowDecoder } from './decode-row.ts';
import { readPages } from './read-pages.ts';
import { bad, messageOf, type Refusal, tooMany } from './refusal.ts';
import { type Key, splitByKey } from './split-by-key.ts';
import type { Field, Page, RawRow } from './warehouse-job.ts';

/** What each key of a batch gets, its rows or a refusal that concerns it alone; or why nobody gets anything. */
export type CollectedBatch =
  | { readonly ok: true; readonly byKey: ReadonlyMap<Key, Collected> }
  | Refusal;

/** The rows of one key so far, or why it gets none. */
type Found = object[] | Refusal;

/**
 * Reads all pages of a finished job that ran for many keys, and gives each its own rows, decoded, checked, and transformed
 * with its own parameters: `parameters` are those that all have in common. A row whose key cannot be told, or was not
 * asked for, refuses the whole, because nobody knows whose list lacks it. `onLastPage` hears when the warehouse
 * has nothing more to give; from then on the signal changes nothing. Rejects when a page cannot be read.
 */
export async function collectBatch(
  job: Job,
  first: Page,
  query: Query,
  parameters: Parameters,
  keys: readonly Key[],
  signal: AbortSignal,
  onLastPage: () => void = () => {},
): Promise<CollectedBatch> {
  const { batch, policy } = query;
  if (!batch) throw new Error(`${query.name} is no batched query`);
  const { fields } = first;
  const keyOf = keyReader(fields, batch.by);
  if (!keyOf) return bad(`the result has no column named ${batch.by}`);
  const read = rowReader(query, fields);
  const found = new Map<Key, Found>(keys.map((key) => [key, []]));

  const grow = async (list: Found, rows: readonly RawRow[], turn: Turn): Promise<Found> => {
    if (!Array.isArray(list)) return list;
    const count = list.length + rows.length;
    if (count > policy.maxRows) return tooMany(count, policy.maxRows);
    return (await read(rows, list, turn)) ?? list;
  };
  const finished = { job, first, signal, onLastPage };
  const problem = await readPages(finished, keys.length * policy.maxRows, async (page) => {
    const turn = beginTurn();
    const split = splitExactly(keys, page, keyOf);
    if (!split.ok) return split;
    for (const [key, rows] of split.byKey)
      if (rows.length > 0) found.set(key, await grow(found.get(key) ?? [], rows, turn));
    return undefined;
  });
  return problem ?? { ok: true, byKey: await finish(query, parameters, batch.by, found) };
}

/** Reads the key of a row, from a result whose columns include it; throws when there is none to be read. */
function keyReader(fields: readonly Field[], by: string) {
  const index = fields.findIndex(({ name }) => name === by);
  const field = fields[index];
  if (!field) return undefined;
  const decode = rowDecoder([field], {});
  return ({ f }: RawRow): unknown => {
    const cell = f[index];
    // In a row of another length, the key may stand anywhere.
    if (!cell || f.length !== fields.length)
      throw new InexactCell(by, `a row of ${f.length} cells for ${fields.length} columns`);
    return decode({ f: [cell] })[by];
  };
}

function splitExactly(
  keys: readonly Key[],
  page: readonly RawRow[],
  keyOf: (row: RawRow) => unknown,
) {
  try {
    const split = splitByKey(keys, page, keyOf);
    return split.ok
      ? split
      : bad(`a row for ${JSON.stringify(split.stray)}, who was not asked for`);
  } catch (error) {
    return bad(messageOf(error));
  }
}

async function finish(
  query: Query,
  parameters: Parameters,
  by: string,
  found: ReadonlyMap<Key, Found>,
): Promise<ReadonlyMap<Key, Collected>> {
  const turn = beginTurn();
  const byKey = new Map<Key, Collected>();
  for (const [key, list] of found) {
    const own = { ...parameters, [by]: key };
    byKey.set(key, Array.isArray(list) ? await transformed(query, list, own, turn) : list);
    if (turn.isOver()) await turn.pass();
  }
  return byKey;
}
