import { DuckDBInstance } from '@duckdb/node-api';
import { defineFunctions } from '../sql/functions.ts';
import { mountFolder } from '../tables/mount-folder.ts';
import { mountThelook } from '../tables/mount-thelook.ts';
import type { MountedTable } from '../tables/mounted-table.ts';
import { ensureThelook } from '../thelook/ensure-thelook.ts';
import { type ColumnBytes, createColumnBytes } from './column-bytes.ts';
import { ConnectionPool } from './connection-pool.ts';
import { mountsProjectId } from './projects.ts';
import { TableCatalog } from './table-catalog.ts';

/** What the warehouse holds and how wide it is. */
export interface WarehouseOptions {
  /** Size of the generated dataset; 0 leaves it out. */
  readonly scale: number;
  readonly seed: number;
  /** Folder that the generated dataset is kept in. */
  readonly dataDir: string;
  /** Folder of `<dataset>/<table>.parquet|csv` to mount. */
  readonly mountDir?: string | undefined;
  /** The generated dataset's last day, an ISO date in UTC. */
  readonly today: string;
  /** Queries that run at once. */
  readonly connections: number;
  readonly report: (line: string) => void;
}

/** The one DuckDB instance behind the REST API, with its tables. */
export interface Warehouse extends AsyncDisposable {
  readonly pool: ConnectionPool;
  readonly tables: TableCatalog;
  readonly columnBytes: ColumnBytes;
}

/** Opens an in-memory DuckDB and mounts everything that it serves. */
export async function openWarehouse(o: WarehouseOptions): Promise<Warehouse> {
  const instance = await DuckDBInstance.create(':memory:');
  const [catalog, writer, measuring] = await Promise.all([
    instance.connect(),
    instance.connect(),
    instance.connect(),
  ]);
  await defineFunctions(catalog, daysFromNow(o.today));
  const mounted: MountedTable[] = [];
  if (o.scale > 0) {
    const { directory } = await ensureThelook(o);
    mounted.push(...(await mountThelook(catalog, directory, o.today)));
  }
  if (o.mountDir !== undefined)
    mounted.push(...(await mountFolder(catalog, o.mountDir, mountsProjectId)));
  const pool = new ConnectionPool(instance, o.connections);
  return {
    pool,
    tables: new TableCatalog(catalog, writer, mounted),
    columnBytes: createColumnBytes(measuring),
    async [Symbol.asyncDispose]() {
      await pool[Symbol.asyncDispose]();
      for (const connection of [catalog, writer, measuring]) connection.closeSync();
      instance.closeSync();
    },
  };
}

/** Days from the machine's own date (UTC) to another, below zero for one in the past. */
function daysFromNow(isoDate: string): number {
  const dayMs = 24 * 3_600_000;
  return Date.parse(`${isoDate}T00:00:00Z`) / dayMs - Math.floor(Date.now() / dayMs);
}
