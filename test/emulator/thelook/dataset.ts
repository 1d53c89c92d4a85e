import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { mountThelook } from '../../../emulator/tables/mount-thelook.ts';
import { ensureThelook } from '../../../emulator/thelook/ensure-thelook.ts';
import { THELOOK_TABLES } from '../../../emulator/thelook/tables.ts';

/** A generated dataset, mounted; its rows are read with DuckDB SQL and bare table names. */
export interface Dataset extends AsyncDisposable {
  readonly connection: DuckDBConnection;
  rows(sql: string): Promise<readonly Record<string, unknown>[]>;
  /** The only value of the only row. */
  value(sql: string): Promise<unknown>;
}

/** Generates a dataset in a folder of its own and mounts it; disposing removes all of it. */
export async function withDataset(o: {
  scale: number;
  seed?: number;
  today?: string;
}): Promise<Dataset> {
  const dataDir = await mkdtemp(join(tmpdir(), 'thelook-'));
  const { directory } = await ensureThelook({ dataDir, seed: 1, report: () => {}, ...o });
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`SET TimeZone = 'UTC'`);
  await mountThelook(connection, directory, o.today ?? '2026-11-20');
  await connection.run('USE "bigquery-public-data".thelook_ecommerce');
  const rows = async (sql: string) => (await connection.runAndReadAll(sql)).getRowObjectsJson();
  return {
    connection,
    rows,
    value: async (sql) => Object.values((await rows(sql))[0] ?? {})[0],
    async [Symbol.asyncDispose]() {
      connection.closeSync();
      instance.closeSync();
      await rm(dataDir, { recursive: true });
    },
  };
}

/** A digest of every value of every table, whatever the order of the rows. */
export async function checksum(dataset: Dataset): Promise<string> {
  const digests: string[] = [];
  for (const { tableId } of THELOOK_TABLES) {
    const digest = await dataset.value(
      `SELECT md5(string_agg(row_text, chr(10) ORDER BY row_text)) FROM (SELECT t::VARCHAR AS row_text FROM ${tableId} AS t)`,
    );
    digests.push(`${tableId} ${String(digest)}`);
  }
  return digests.join('\n');
}
