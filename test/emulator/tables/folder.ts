import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';

/** An empty folder and a DuckDB in memory, both gone after the test. */
export async function prepare(
  t: TestContext,
): Promise<{ directory: string; connection: DuckDBConnection }> {
  const directory = await mkdtemp(join(tmpdir(), 'mount-folder-'));
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`SET TimeZone = 'UTC'`);
  t.after(async () => {
    connection.closeSync();
    instance.closeSync();
    await rm(directory, { recursive: true });
  });
  return { directory, connection };
}

/** Writes a text file and its folders. */
export async function write(directory: string, name: string, text: string): Promise<void> {
  await mkdir(join(directory, name, '..'), { recursive: true });
  await writeFile(join(directory, name), text);
}

/** Writes the rows of a DuckDB query as a Parquet file. */
export async function writeParquet(
  connection: DuckDBConnection,
  directory: string,
  name: string,
  sql: string,
): Promise<void> {
  await mkdir(join(directory, name, '..'), { recursive: true });
  const file = join(directory, name).replaceAll("'", "''");
  await connection.run(`COPY (${sql}) TO '${file}' (FORMAT parquet)`);
}

/** The rows of a DuckDB query as JSON values. */
export async function rowsOf(connection: DuckDBConnection, sql: string) {
  return (await connection.runAndReadAll(sql)).getRowObjectsJson();
}

/** A table's column names and DuckDB types. */
export async function columnsOf(
  connection: DuckDBConnection,
  table: string,
): Promise<Record<string, string>> {
  const result = await connection.run(`SELECT * FROM ${table} LIMIT 0`);
  return Object.fromEntries(
    result
      .columnNames()
      .map((name, index) => [name, result.columnType(index).toString().replaceAll('"', '')]),
  );
}
