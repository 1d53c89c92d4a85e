import { DuckDBInstance } from '@duckdb/node-api';
import { mountThelook } from '../../emulator/tables/mount-thelook.ts';
import { ensureThelook } from '../../emulator/thelook/ensure-thelook.ts';
import { DATA_DIR, type Row, TODAY } from './with-warehouse.ts';

/** Plain DuckDB over the same files that the warehouse serves, for figures worked out a second way. */
export interface Thelook extends Disposable {
  /** Rows of a DuckDB query; `$at`, if used, is a moment. Integers come as numbers. */
  rows(sql: string, at?: Date): Promise<Row[]>;
}

/** Opens the generated dataset as it stands on {@link TODAY}. */
export async function openThelook(scale: number): Promise<Thelook> {
  const { directory } = await ensureThelook({ dataDir: DATA_DIR, scale, seed: 1, report() {} });
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  await mountThelook(connection, directory, TODAY);
  await connection.run('USE "bigquery-public-data".thelook_ecommerce');
  return {
    async rows(sql, at) {
      const bound =
        at === undefined ? sql : sql.replaceAll('$at', `'${at.toISOString()}'::TIMESTAMPTZ`);
      const reader = await connection.runAndReadAll(bound);
      return reader.getRowObjectsJS().map(withNumbers);
    },
    [Symbol.dispose]() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

function withNumbers(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([name, cell]) => [
      name,
      typeof cell === 'bigint' ? Number(cell) : cell,
    ]),
  );
}
