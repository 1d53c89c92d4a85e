/** What a caller gives for the parameter that a batch goes by. */
export type Key = string | number;

/** Rows under every key that was asked for, or the key of a row that nobody asked for. */
export type Split<Row> =
  | { readonly ok: true; readonly byKey: ReadonlyMap<Key, readonly Row[]> }
  | { readonly ok: false; readonly stray: unknown };

/** Puts rows by their keys, in their order; a key without rows has an empty list. Keys are the same only if their types are. */
export function splitByKey<Row>(
  keys: readonly Key[],
  rows: readonly Row[],
  keyOf: (row: Row) => unknown,
): Split<Row> {
  const byKey = new Map<unknown, Row[]>(keys.map((key) => [key, []]));
  for (const row of rows) {
    const key = keyOf(row);
    const list = byKey.get(key);
    if (!list) return { ok: false, stray: key };
    list.push(row);
  }
  return { ok: true, byKey: byKey as ReadonlyMap<Key, Row[]> };
}
