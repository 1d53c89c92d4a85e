import type { JsonField } from '../../shared/catalog/parameter-types.ts';
import type { WarehouseColumn } from '../../workers/read-rows.ts';

/** The columns of a result, and what the query declares of them. */
export interface Columns {
  readonly columns: readonly WarehouseColumn[];
  readonly declared: Readonly<Record<string, JsonField>>;
}

/** A column in one of the two results. */
export interface OneColumn {
  readonly name: string;
  readonly type: string;
}

/** How the columns of two results differ; a type is that of the warehouse and, where it is declared, that of the row. */
export interface ColumnsDifference {
  readonly added: readonly OneColumn[];
  readonly removed: readonly OneColumn[];
  readonly retyped: readonly {
    readonly name: string;
    readonly old: string;
    readonly new: string;
  }[];
  /** The names of the columns that both have, in the old order. */
  readonly common: readonly string[];
}

/** Compares the columns of two results by name. */
export function compareColumns(old: Columns, next: Columns): ColumnsDifference {
  const before = new Map(described(old));
  const after = new Map(described(next));
  const without = (columns: typeof before, others: typeof before) =>
    [...columns].flatMap(([name, type]) => (others.has(name) ? [] : [{ name, type }]));
  return {
    added: without(after, before),
    removed: without(before, after),
    retyped: [...before].flatMap(([name, type]) => {
      const other = after.get(name);
      return other === undefined || other === type ? [] : [{ name, old: type, new: other }];
    }),
    common: [...before.keys()].filter((name) => after.has(name)),
  };
}

function described({ columns, declared }: Columns): [name: string, type: string][] {
  return columns.map(({ name, type }) => [
    name,
    [type, ...declaredType(declared[name])].join(' as '),
  ]);
}

function declaredType(field: JsonField | undefined): string[] {
  if (!field) return [];
  const types = field.anyOf ? field.anyOf.map(({ type }) => type) : [field.type];
  return [types.map((type) => type ?? 'any').join('|')];
}
