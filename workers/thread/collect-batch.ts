import type { Query } from '../../shared/catalog/catalog.ts';
import type { Parameters } from '../../shared/fingerprint.ts';
import { beginTurn, type Turn } from '../../shared/turn.ts';
import { type Collected, rowReader, transformed } from './check-rows.ts';
import { InexactCell, rowDecoder } from './decode-row.ts';
import { type FinishedJob, readPages } from './read-pages.ts';
import { bad, messageOf, type Refusal, tooMany } from './refusal.ts';
import { type Key, splitByKey } from './split-by-key.ts';
import type { Field, RawRow } from './warehouse-job.ts';

/** What each key of a batch gets, its rows or a refusal that concerns it alone; or why nobody gets anything. */
export type CollectedBatch =
  | { readonly ok: true; readonly byKey: ReadonlyMap<Key, Collected> }
  | Refusal;

/** For whom a job's rows are read. */
export interface Asked {
  /** What all have in common. */
  readonly parameters: Parameters;
  readonly keys: readonly Key[];
  /** The job was started for these and perhaps for others, whose rows are left out. */
  readonly isShared: boolean;
}

/** The rows of one key so far, or why it gets none. */
type Found = object[] | Refusal;

/**
 * Reads all pages of a finished job that ran for many keys, and gives each its own rows, decoded, checked, and transformed
 * with its own parameters. A row whose key cannot be told, or was not asked for, refuses the whole, because nobody knows
 * whose list lacks it. Rejects when a page cannot be read.
 */
export async function collectBatch(
  finished: FinishedJob,
  query: Query,
  { parameters, keys, isShared }: Asked,
): Promise<CollectedBatch> {
  const { batch, policy } = query;
  if (!batch) throw new Error(`${query.name} is no batched query`);
  const { fields } = finished.first;
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
  const most = isShared ? batch.most : keys.length;
  const problem = await readPages(finished, most * policy.maxRows, async (page) => {
    const turn = beginTurn();
    const split = splitExactly(keys, page, keyOf, isShared);
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
  isShared: boolean,
) {
  try {
    const { byKey, strays } = splitByKey(keys, page, keyOf);
    if (strays.length === 0 || isShared) return { ok: true, byKey } as const;
    return bad(`a row for ${JSON.stringify(strays[0])}, who was not asked for`);
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
