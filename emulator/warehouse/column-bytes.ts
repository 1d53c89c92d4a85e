import { type DuckDBConnection, type DuckDBType, DuckDBTypeId } from '@duckdb/node-api';
import { quoteName } from '../tables/quote.ts';
import { type TableName, tableKey, tableSql } from './table-name.ts';

/** A table's size: its rows, and for each column asked for the bytes that BigQuery would count. */
interface TableSize {
  readonly rows: number;
  readonly bytesByColumn: ReadonlyMap<string, number>;
}

/** Measures tables once, column by column as they are asked for, and remembers until told to forget. */
export interface ColumnBytes {
  measure(table: TableName, columns: readonly string[]): Promise<TableSize>;
  columnsOf(table: TableName): Promise<readonly Column[]>;
  forget(table: TableName): void;
}

/** A column with its DuckDB type. */
interface Column {
  readonly name: string;
  readonly type: DuckDBType;
}

/** Makes the measuring tape; it reads through one connection of its own. */
export function createColumnBytes(connection: DuckDBConnection): ColumnBytes {
  const columns = new Map<string, Promise<readonly Column[]>>();
  const rows = new Map<string, Promise<number>>();
  const bytes = new Map<string, Map<string, Promise<number>>>();

  function columnsOf(table: TableName): Promise<readonly Column[]> {
    return remembered(columns, tableKey(table), () => readColumns(table));
  }

  async function measure(table: TableName, names: readonly string[]): Promise<TableSize> {
    const known = remembered(bytes, tableKey(table), () => new Map<string, Promise<number>>());
    const wanted = (await columnsOf(table)).filter(({ name }) => names.includes(name));
    const sizes = wanted.map(async (column) => {
      const size = await remembered(known, column.name, () => one(table, bytesSql(column)));
      return [column.name, size] as const;
    });
    const bytesByColumn = new Map(await Promise.all(sizes));
    return {
      rows: await remembered(rows, tableKey(table), () => one(table, 'count(*)')),
      bytesByColumn,
    };
  }

  async function readColumns(table: TableName): Promise<readonly Column[]> {
    const statement = await connection.prepare(`SELECT * FROM ${tableSql(table)}`);
    return Array.from({ length: statement.columnCount }, (_, i) => ({
      name: statement.columnName(i),
      type: statement.columnType(i),
    }));
  }

  async function one(table: TableName, expression: string): Promise<number> {
    const reader = await connection.runAndReadAll(
      `SELECT CAST(coalesce(${expression}, 0) AS DOUBLE) FROM ${tableSql(table)}`,
    );
    return Number(reader.getRows()[0]?.[0] ?? 0);
  }

  return {
    measure,
    columnsOf,
    forget(table) {
      for (const map of [columns, rows, bytes]) map.delete(tableKey(table));
    },
  };
}

function remembered<T>(map: Map<string, T>, key: string, make: () => T): T {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  if (made instanceof Promise) made.catch(() => map.delete(key));
  return made;
}

// https://cloud.google.com/bigquery/docs/reference/standard-sql/data-types#data_type_sizes: NULL counts nothing.
function bytesSql({ name, type }: Column): string {
  const column = quoteName(name);
  const fixed = bytesByTypeId[type.typeId];
  if (fixed !== undefined) return `${fixed} * count(${column})`;
  if (type.typeId === DuckDBTypeId.BLOB) return `sum(octet_length(${column}) + 2)`;
  // Strings exactly; arrays and structs by the length of their text, which is near enough for an estimate.
  return `sum(strlen(CAST(${column} AS VARCHAR)) + 2)`;
}

const bytesByTypeId: Readonly<Partial<Record<DuckDBTypeId, number>>> = {
  [DuckDBTypeId.BOOLEAN]: 1,
  [DuckDBTypeId.TINYINT]: 8,
  [DuckDBTypeId.SMALLINT]: 8,
  [DuckDBTypeId.INTEGER]: 8,
  [DuckDBTypeId.BIGINT]: 8,
  [DuckDBTypeId.FLOAT]: 8,
  [DuckDBTypeId.DOUBLE]: 8,
  [DuckDBTypeId.DECIMAL]: 16,
  [DuckDBTypeId.HUGEINT]: 16,
  [DuckDBTypeId.DATE]: 8,
  [DuckDBTypeId.TIME]: 8,
  [DuckDBTypeId.TIMESTAMP]: 8,
  [DuckDBTypeId.TIMESTAMP_TZ]: 8,
  [DuckDBTypeId.INTERVAL]: 16,
};
