/** What a caller gives for the parameter that a batch goes by. */
export type Key = string | number;

/** Rows under every key that was asked for, and the keys of those that nobody asked for. */
export interface Split<Row> {
  readonly byKey: ReadonlyMap<Key, readonly Row[]>;
  readonly strays: readonly unknown[];
}

/** Puts rows by their keys, in their order; a key without rows has an empty list. Keys are the same only if their types are. */
export function splitByKey<Row>(
  keys: readonly Key[],
  rows: readonly Row[],
  keyOf: (row: Row) => unknown,
): Split<Row> {
  const byKey = new Map<unknown, Row[]>(keys.map((key) => [key, []]));
  const strays: unknown[] = [];
  for (const row of rows) {
    const key = keyOf(row);
    const list = byKey.get(key);
    if (list) list.push(row);
    else strays.push(key);
  }
  return { byKey: byKey as ReadonlyMap<Key, Row[]>, strays };
}
