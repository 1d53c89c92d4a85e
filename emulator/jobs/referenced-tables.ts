import type { DuckDBConnection } from '@duckdb/node-api';
import { z } from 'zod';
import { BigQueryError } from '../values/bigquery-error.ts';
import type { TableCatalog } from '../warehouse/table-catalog.ts';
import { type TableName, tableKey, tableLabel } from '../warehouse/table-name.ts';

/** Where names without project or dataset are looked up. */
export interface Scope {
  readonly projectId: string;
  readonly defaultDataset?: { readonly projectId: string; readonly datasetId: string };
}

/**
 * Lists the tables that a SELECT in DuckDB's SQL names, each once, and after a view the tables behind it; throws a notFound
 * BigQueryError for one that does not exist.
 */
export async function referencedTables(
  connection: DuckDBConnection,
  sql: string,
  scope: Scope,
  tables: TableCatalog,
): Promise<readonly TableName[]> {
  const found = new Map<string, TableName>();
  const collectFrom = async (select: string, names: Scope): Promise<void> => {
    for (const reference of await baseTables(connection, select)) {
      const table = resolve(reference, names);
      if (found.has(tableKey(table))) continue;
      await requireTable(table, tables);
      found.set(tableKey(table), table);
      const made = await tables.viewSql(table);
      if (made !== undefined) await collectFrom(selectWithin(made), table);
    }
  };
  await collectFrom(sql, scope);
  return [...found.values()];
}

/** The SELECT that feeds an INSERT, a CREATE TABLE or a CREATE VIEW: DuckDB lists the tables of a SELECT only. */
export function selectWithin(sql: string): string {
  const start = sql.search(/\b(?:SELECT|WITH)\b/i);
  return start === -1 ? 'SELECT 1' : sql.slice(start);
}

/** Throws the BigQueryError that says which of dataset and table does not exist; a project other than the job's is looked at, never made. */
export async function requireTable(table: TableName, tables: TableCatalog): Promise<void> {
  if (await tables.has(table)) return;
  const datasets = await tables.datasets(table.projectId);
  const what = datasets.includes(table.datasetId)
    ? `Table ${tableLabel(table)}`
    : `Dataset ${table.projectId}:${table.datasetId}`;
  throw new BigQueryError('notFound', `Not found: ${what} was not found in location US`);
}

const serialized = z.union([
  z.object({ error: z.literal(false), statements: z.unknown() }),
  z.object({ error: z.literal(true) }),
]);

const baseTable = z.object({
  type: z.literal('BASE_TABLE'),
  catalog_name: z.string().default(''),
  schema_name: z.string().default(''),
  table_name: z.string(),
});

type BaseTable = z.infer<typeof baseTable>;

async function baseTables(connection: DuckDBConnection, sql: string): Promise<BaseTable[]> {
  const reader = await connection.runAndReadAll(
    'SELECT CAST(json_serialize_sql(CAST($sql AS VARCHAR), skip_null := true, skip_empty := true, skip_default := true) AS VARCHAR)',
    { sql },
  );
  const tree = serialized.parse(JSON.parse(String(reader.getRows()[0]?.[0])));
  if (tree.error) return [];
  const found: BaseTable[] = [];
  const withNames = new Set<string>();
  collect(tree.statements, found, withNames);
  return found.filter(
    (table) => table.schema_name !== '' || !withNames.has(table.table_name.toLowerCase()),
  );
}

// Walks DuckDB's syntax tree: base tables wherever they stand, and the names that WITH clauses define.
function collect(node: unknown, found: BaseTable[], withNames: Set<string>): void {
  if (Array.isArray(node)) {
    for (const item of node) collect(item, found, withNames);
    return;
  }
  if (typeof node !== 'object' || node === null) return;
  const table = baseTable.safeParse(node);
  if (table.success) found.push(table.data);
  for (const [key, value] of Object.entries(node)) {
    if (key === 'cte_map') for (const name of cteNames(value)) withNames.add(name.toLowerCase());
    if (key === 'cte_name' && typeof value === 'string') withNames.add(value.toLowerCase());
    collect(value, found, withNames);
  }
}

const cteMap = z.object({ map: z.array(z.object({ key: z.string() })).default([]) });

function cteNames(value: unknown): readonly string[] {
  const parsed = cteMap.safeParse(value);
  return parsed.success ? parsed.data.map.map(({ key }) => key) : [];
}

function resolve(table: BaseTable, scope: Scope): TableName {
  const { catalog_name: catalog, schema_name: schema, table_name: tableId } = table;
  if (catalog !== '') return { projectId: catalog, datasetId: schema, tableId };
  if (schema !== '') return { projectId: scope.projectId, datasetId: schema, tableId };
  if (scope.defaultDataset !== undefined) return { ...scope.defaultDataset, tableId };
  throw new BigQueryError(
    'invalid',
    `Table "${tableId}" must be qualified with a dataset (e.g. dataset.table).`,
  );
}
