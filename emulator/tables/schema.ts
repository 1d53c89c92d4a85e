import type { DuckDBConnection } from '@duckdb/node-api';
import { quoteName } from './quote.ts';

/** Makes sure that a project (a DuckDB catalog in memory) holds a dataset (a schema of it). */
export async function ensureDataset(
  connection: DuckDBConnection,
  projectId: string,
  datasetId: string,
): Promise<void> {
  await connection.run(`ATTACH IF NOT EXISTS ':memory:' AS ${quoteName(projectId)}`);
  await connection.run(
    `CREATE SCHEMA IF NOT EXISTS ${quoteName(projectId)}.${quoteName(datasetId)}`,
  );
}
