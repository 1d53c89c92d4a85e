import type { DuckDBConnection } from '@duckdb/node-api';
import type { MountedTable } from '../tables/mounted-table.ts';
import { quoteName } from '../tables/quote.ts';
import { ensureDataset } from '../tables/schema.ts';
import { BigQueryError } from '../values/bigquery-error.ts';
import { type TableName, tableKey, tableLabel, tableSql } from './table-name.ts';

/** The name of the catalog whose tables every project sees as its own. */
export const mountsProjectId = 'mounted-tables';

const publicProjectId = 'bigquery-public-data';
const maxProjects = 256;
const reserved = new Set(['memory', 'system', 'temp', 'googlesql', mountsProjectId]);

/** Knows which projects, datasets and tables there are, and when each table changed; all through one connection. */
export interface TableCatalog {
  /** Makes a project exist that a URL names for the first time: its datasets are views of the mounted ones. */
  ensureProject(projectId: string): Promise<void>;
  /** Every table and view of a project, in order of name. */
  list(projectId: string): Promise<readonly TableName[]>;
  datasets(projectId: string): Promise<readonly string[]>;
  createDataset(projectId: string, datasetId: string): Promise<void>;
  /** Removes a dataset; throws a resourceInUse BigQueryError if it still holds tables and is not forced. */
  dropDataset(projectId: string, datasetId: string, isForced: boolean): Promise<void>;
  has(table: TableName): Promise<boolean>;
  /** The table's last change in milliseconds since 1970. */
  lastModifiedMs(table: TableName): number;
  /** Turns a mounted table, a read-only view, into a table of the project's own, so that it can be written to. */
  makeWritable(table: TableName): Promise<void>;
  /** Notes that a statement wrote to the table, or made or removed it. */
  touch(table: TableName): void;
}

/** Makes the catalog over tables that are mounted already; `writer` is a connection for transactions of its own. */
export function createTableCatalog(
  connection: DuckDBConnection,
  writer: DuckDBConnection,
  mounted: readonly MountedTable[],
): TableCatalog {
  const startedMs = Date.now();
  const changedMs = new Map(mounted.map((table) => [tableKey(table), table.lastModifiedMs]));
  const mounts = mounted.filter(({ projectId }) => projectId === mountsProjectId);
  const projects = new Map<string, Promise<void>>([[publicProjectId, Promise.resolve()]]);
  const writable = new Map<string, Promise<void>>();

  function ensureProject(projectId: string): Promise<void> {
    const known = projects.get(projectId);
    if (known !== undefined) return known;
    if (!/^[\w.:-]{1,63}$/.test(projectId) || reserved.has(projectId.toLowerCase()))
      throw new BigQueryError('invalid', `Invalid project ID '${projectId}'`);
    if (projects.size >= maxProjects)
      throw new BigQueryError(
        'quotaExceeded',
        `The emulator keeps ${maxProjects} projects at most`,
      );
    const attached = attach(projectId);
    projects.set(projectId, attached);
    return attached;
  }

  async function attach(projectId: string): Promise<void> {
    await connection.run(`ATTACH IF NOT EXISTS ':memory:' AS ${quoteName(projectId)}`);
    for (const source of mounts) {
      const own = { ...source, projectId };
      await ensureDataset(connection, projectId, own.datasetId);
      await connection.run(`CREATE VIEW ${tableSql(own)} AS SELECT * FROM ${tableSql(source)}`);
      changedMs.set(tableKey(own), source.lastModifiedMs);
    }
  }

  async function list(projectId: string): Promise<readonly TableName[]> {
    const rows = await read(
      `SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = $p AND NOT internal
       UNION ALL SELECT schema_name, view_name FROM duckdb_views() WHERE database_name = $p AND NOT internal
       ORDER BY ALL`,
      { p: projectId },
    );
    return rows.map(([datasetId = '', tableId = '']) => ({ projectId, datasetId, tableId }));
  }

  async function datasets(projectId: string): Promise<readonly string[]> {
    const rows = await read(
      `SELECT schema_name FROM duckdb_schemas()
       WHERE database_name = $p AND NOT internal AND schema_name <> 'main' ORDER BY ALL`,
      { p: projectId },
    );
    return rows.map(([name = '']) => name);
  }

  async function has({ projectId, datasetId, tableId }: TableName): Promise<boolean> {
    const rows = await read(
      `SELECT 1 FROM duckdb_tables() WHERE database_name = $p AND schema_name = $d AND table_name = $t
       UNION ALL SELECT 1 FROM duckdb_views() WHERE database_name = $p AND schema_name = $d AND view_name = $t`,
      { p: projectId, d: datasetId, t: tableId },
    );
    return rows.length > 0;
  }

  function makeWritable(table: TableName): Promise<void> {
    if (table.projectId === publicProjectId)
      throw new BigQueryError(
        'accessDenied',
        `Access Denied: Table ${tableLabel(table)}: User does not have permission to change table ${tableLabel(table)}`,
      );
    const key = tableKey(table);
    const copied = (writable.get(key) ?? Promise.resolve()).then(() => copyView(table));
    writable.set(
      key,
      copied.catch(() => undefined),
    );
    return copied;
  }

  async function copyView(table: TableName): Promise<void> {
    const { projectId, datasetId, tableId } = table;
    const views = await read(
      `SELECT 1 FROM duckdb_views() WHERE database_name = $p AND schema_name = $d AND view_name = $t`,
      { p: projectId, d: datasetId, t: tableId },
    );
    if (views.length === 0) return;
    const copy = { ...table, tableId: `${tableId}__copy` };
    await writer.run(`CREATE OR REPLACE TABLE ${tableSql(copy)} AS FROM ${tableSql(table)}`);
    await writer.run(
      `BEGIN; DROP VIEW ${tableSql(table)}; ALTER TABLE ${tableSql(copy)} RENAME TO ${quoteName(tableId)}; COMMIT`,
    );
  }

  async function read(sql: string, values: Record<string, string>): Promise<string[][]> {
    const reader = await connection.runAndReadAll(sql, values);
    return reader.getRows().map((row) => row.map(String));
  }

  return {
    ensureProject,
    list,
    datasets,
    has,
    lastModifiedMs: (table) => changedMs.get(tableKey(table)) ?? startedMs,
    makeWritable,
    touch: (table) => void changedMs.set(tableKey(table), Date.now()),
  };
}
