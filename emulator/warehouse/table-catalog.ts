import type { DuckDBConnection } from '@duckdb/node-api';
import type { MountedTable } from '../tables/mounted-table.ts';
import { quoteName } from '../tables/quote.ts';
import { BigQueryError } from '../values/bigquery-error.ts';
import { readDatasets, readTableKind, readTables, readViewSql } from './catalog-reads.ts';
import { mountsProjectId, Projects, publicProjectId } from './projects.ts';
import { type TableName, tableKey, tableLabel } from './table-name.ts';
import { WritableCopies } from './writable-copies.ts';

/** Knows which projects, datasets and tables there are, and when each table last changed. */
export class TableCatalog {
  readonly #connection: DuckDBConnection;
  readonly #projects: Projects;
  readonly #copies: WritableCopies;
  readonly #startedMs = Date.now();
  readonly #changedMs: Map<string, number>;

  /** `writer` is a connection for the catalog's own transactions. */
  constructor(
    connection: DuckDBConnection,
    writer: DuckDBConnection,
    mounted: readonly MountedTable[],
  ) {
    const mounts = mounted.filter(({ projectId }) => projectId === mountsProjectId);
    this.#connection = connection;
    this.#projects = new Projects(connection, mounts);
    this.#copies = new WritableCopies(writer);
    this.#changedMs = new Map(mounted.map((table) => [tableKey(table), table.lastModifiedMs]));
  }

  /** Makes sure that a project exists that a URL names. */
  ensureProject(projectId: string): Promise<void> {
    return this.#projects.ensure(projectId);
  }

  list(projectId: string): Promise<readonly TableName[]> {
    return readTables(this.#connection, projectId);
  }

  datasets(projectId: string): Promise<readonly string[]> {
    return readDatasets(this.#connection, projectId);
  }

  async has(table: TableName): Promise<boolean> {
    return (await readTableKind(this.#connection, table)) !== undefined;
  }

  /** The statement that made a view; undefined for a table, and a mounted file is one. */
  async viewSql(table: TableName): Promise<string | undefined> {
    // In a project that can be written to, a view of its own was made by a statement, and noted as a change.
    const isOwn = this.#changedMs.has(tableKey(table)) && table.projectId !== publicProjectId;
    return isOwn ? readViewSql(this.#connection, table) : undefined;
  }

  /** Makes a dataset; throws a duplicate BigQueryError if it is there. */
  async createDataset(projectId: string, datasetId: string): Promise<void> {
    refuseReadOnly(projectId, `Dataset ${projectId}:${datasetId}`);
    if ((await this.datasets(projectId)).includes(datasetId))
      throw new BigQueryError('duplicate', `Already Exists: Dataset ${projectId}:${datasetId}`);
    await this.#connection.run(`CREATE SCHEMA ${quoteName(projectId)}.${quoteName(datasetId)}`);
  }

  /** Removes a dataset; throws a resourceInUse BigQueryError if it still holds tables and the removal is not forced. */
  async dropDataset(projectId: string, datasetId: string, isForced: boolean): Promise<void> {
    refuseReadOnly(projectId, `Dataset ${projectId}:${datasetId}`);
    const tables = await this.list(projectId);
    if (!isForced && tables.some((table) => table.datasetId === datasetId))
      throw new BigQueryError('resourceInUse', `Dataset ${projectId}:${datasetId} is still in use`);
    const schema = `${quoteName(projectId)}.${quoteName(datasetId)}`;
    await this.#connection.run(`DROP SCHEMA ${schema} CASCADE`);
  }

  /** The table's last change in milliseconds since 1970. */
  lastModifiedMs(table: TableName): number {
    const mount = { ...table, projectId: mountsProjectId };
    return (
      this.#changedMs.get(tableKey(table)) ??
      this.#changedMs.get(tableKey(mount)) ??
      this.#startedMs
    );
  }

  /** Makes a mounted table, a read-only view, the project's own table; throws accessDenied for the public project. */
  async makeWritable(table: TableName): Promise<void> {
    refuseReadOnly(table.projectId, `Table ${tableLabel(table)}`);
    await this.#copies.ensure(table);
  }

  /** Notes that a statement wrote to a table, or made or removed it. */
  touch(table: TableName): void {
    // A later change always has a later time, however fast it follows.
    this.#changedMs.set(tableKey(table), Math.max(Date.now(), this.lastModifiedMs(table) + 1));
  }
}

function refuseReadOnly(projectId: string, what: string): void {
  if (projectId === publicProjectId || projectId === mountsProjectId)
    throw new BigQueryError(
      'accessDenied',
      `Access Denied: ${what}: User does not have permission to change it.`,
    );
}
