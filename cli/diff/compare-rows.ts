/** A row as the warehouse gave it. */
export type Row = Readonly<Record<string, unknown>>;

/** A row that both have under the same key, with the cells that differ. */
export interface ChangedRow {
  readonly key: Row;
  readonly cells: Readonly<Record<string, { readonly old: unknown; readonly new: unknown }>>;
}

/** How the rows of two results differ in the columns that both have. */
export interface RowsDifference {
  /** The columns by which rows were matched; undefined when none are unique: then equal rows are counted against each other. */
  readonly key: readonly string[] | undefined;
  readonly onlyOld: readonly Row[];
  readonly onlyNew: readonly Row[];
  readonly changed: readonly ChangedRow[];
  /** What both have comes in another order. */
  readonly reordered: boolean;
}

/** Compares rows by the first columns that are unique in both, of those that both have. */
export function compareRows(
  old: readonly Row[],
  next: readonly Row[],
  columns: readonly string[],
): RowsDifference {
  const key = keyOf(old, next, columns);
  return key ? compareByKey(old, next, columns, key) : compareAsMultisets(old, next, columns);
}

/** The shortest run of leading columns that tells all rows apart; all of them together would find no row changed. */
function keyOf(old: readonly Row[], next: readonly Row[], columns: readonly string[]) {
  const isUnique = (rows: readonly Row[], names: readonly string[]) =>
    new Set(rows.map((row) => textOf(row, names))).size === rows.length;
  return columns
    .slice(0, -1)
    .map((_, index) => columns.slice(0, index + 1))
    .find((names) => isUnique(old, names) && isUnique(next, names));
}

function compareByKey(
  old: readonly Row[],
  next: readonly Row[],
  columns: readonly string[],
  key: readonly string[],
): RowsDifference {
  const before = new Map(old.map((row) => [textOf(row, key), row]));
  const after = new Map(next.map((row) => [textOf(row, key), row]));
  const rest = columns.filter((name) => !key.includes(name));
  const shared = [...before].flatMap(([text, row]) => {
    const other = after.get(text);
    return other ? [{ text, row, other }] : [];
  });
  const newOrder = [...after.keys()].filter((text) => before.has(text));
  return {
    key,
    onlyOld: old.filter((row) => !after.has(textOf(row, key))),
    onlyNew: next.filter((row) => !before.has(textOf(row, key))),
    changed: shared.flatMap(({ row, other }) => {
      const differing = rest.filter((name) => cellText(row[name]) !== cellText(other[name]));
      if (differing.length === 0) return [];
      const cells = differing.map((name) => [name, { old: row[name], new: other[name] }] as const);
      return [{ key: only(row, key), cells: Object.fromEntries(cells) }];
    }),
    reordered: shared.some(({ text }, index) => text !== newOrder[index]),
  };
}

function compareAsMultisets(
  old: readonly Row[],
  next: readonly Row[],
  columns: readonly string[],
): RowsDifference {
  const onlyOld = surplus(old, next, columns);
  const onlyNew = surplus(next, old, columns);
  const areSame = onlyOld.length === 0 && onlyNew.length === 0;
  const isMoved = (row: Row, index: number) =>
    textOf(row, columns) !== textOf(next[index] ?? {}, columns);
  return { key: undefined, onlyOld, onlyNew, changed: [], reordered: areSame && old.some(isMoved) };
}

/** The rows of the first list that are left when each row of the second has taken one that is equal. */
function surplus(rows: readonly Row[], others: readonly Row[], columns: readonly string[]): Row[] {
  const counts = new Map<string, number>();
  for (const row of others) {
    const text = textOf(row, columns);
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return rows.filter((row) => {
    const text = textOf(row, columns);
    const left = counts.get(text) ?? 0;
    counts.set(text, left - 1);
    return left <= 0;
  });
}

function textOf(row: Row, names: readonly string[]): string {
  return JSON.stringify(names.map((name) => cellText(row[name])));
}

/** Digits are the same whether they came as a number or as text: what a column's type is, is compared by itself. */
function cellText(cell: unknown): string | null {
  if (cell === null || cell === undefined) return null;
  return typeof cell === 'string' ? cell : JSON.stringify(cell);
}

function only(row: Row, names: readonly string[]): Row {
  return Object.fromEntries(names.map((name) => [name, row[name]]));
}
