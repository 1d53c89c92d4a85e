import type { DuckDBConnection } from '@duckdb/node-api';
import type { TableName } from './table-name.ts';

/** Lists a project's tables and views in order of name. */
export async function readTables(
  connection: DuckDBConnection,
  projectId: string,
): Promise<readonly TableName[]> {
  const rows = await read(
    connection,
    `SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = $p AND NOT internal
     UNION ALL SELECT schema_name, view_name FROM duckdb_views() WHERE database_name = $p AND NOT internal
     ORDER BY ALL`,
    { p: projectId },
  );
  return rows.map(([datasetId = '', tableId = '']) => ({ projectId, datasetId, tableId }));
}

/** Lists a project's datasets in order of name. */
export async function readDatasets(
  connection: DuckDBConnection,
  projectId: string,
): Promise<readonly string[]> {
  const rows = await read(
    connection,
    `SELECT schema_name FROM duckdb_schemas()
     WHERE database_name = $p AND NOT internal AND schema_name <> 'main' ORDER BY ALL`,
    { p: projectId },
  );
  return rows.map(([name = '']) => name);
}

/** Says what a name stands for, names compared with their case; undefined if for nothing. */
export async function readTableKind(
  connection: DuckDBConnection,
  { projectId, datasetId, tableId }: TableName,
): Promise<'TABLE' | 'VIEW' | undefined> {
  const rows = await read(
    connection,
    `SELECT 'TABLE' FROM duckdb_tables() WHERE database_name = $p AND schema_name = $d AND table_name = $t
     UNION ALL
     SELECT 'VIEW' FROM duckdb_views() WHERE database_name = $p AND schema_name = $d AND view_name = $t`,
    { p: projectId, d: datasetId, t: tableId },
  );
  const kind = rows[0]?.[0];
  return kind === 'TABLE' || kind === 'VIEW' ? kind : undefined;
}

/** Reads the statement that made a view; undefined if there is none of that name. */
export async function readViewSql(
  connection: DuckDBConnection,
  { projectId, datasetId, tableId }: TableName,
): Promise<string | undefined> {
  const rows = await read(
    connection,
    `SELECT sql FROM duckdb_views() WHERE database_name = $p AND schema_name = $d AND view_name = $t`,
    { p: projectId, d: datasetId, t: tableId },
  );
  return rows[0]?.[0];
}

async function read(
  connection: DuckDBConnection,
  sql: string,
  values: Record<string, string>,
): Promise<readonly (readonly string[])[]> {
  const reader = await connection.runAndReadAll(sql, values);
  return reader.getRows().map((row) => row.map(String));
}
