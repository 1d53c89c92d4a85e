import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { quoteText } from '../tables/quote.ts';
import { firstSecond, LAST_DAY } from './calendar.ts';
import { thelookSize } from './size.ts';
import { THELOOK_TABLES } from './tables.ts';

/** The steps, each a file of DuckDB SQL, in the order in which they build on each other. */
const STEPS = ['dice', 'products', 'prices', 'users', 'visits', 'orders', 'events'];

/** What does not fit goes to the spill folder: any scale can be made on a small machine. */
const MEMORY_LIMIT = '1GB';

/** Writes all tables of the dataset as Parquet into an existing folder. The same seed and scale make the same rows everywhere. Throws a RangeError for a scale that is not above 0 or a seed that is no integer. */
export async function generateThelook(o: {
  directory: string;
  scale: number;
  seed: number;
  report: (line: string) => void;
}): Promise<void> {
  const spill = join(o.directory, 'spill');
  await mkdir(spill);
  const instance = await DuckDBInstance.create(':memory:', {
    temp_directory: spill,
    memory_limit: MEMORY_LIMIT,
  });
  const connection = await instance.connect();
  try {
    await setVariables(connection, o.scale, o.seed);
    for (const step of STEPS) {
      o.report(`thelook_ecommerce: making ${step}`);
      await connection.run(await readFile(new URL(`sql/${step}.sql`, import.meta.url), 'utf8'));
    }
    o.report('thelook_ecommerce: writing files');
    for (const table of THELOOK_TABLES) await writeTable(connection, o.directory, table);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
  await rm(spill, { recursive: true });
}

async function setVariables(
  connection: DuckDBConnection,
  scale: number,
  seed: number,
): Promise<void> {
  if (!Number.isSafeInteger(seed)) throw new RangeError(`the seed must be an integer, got ${seed}`);
  const variables = {
    seed,
    ...thelookSize(scale),
    last_day: LAST_DAY,
    first_second: firstSecond(),
  };
  await connection.run(`SET TimeZone = 'UTC'`);
  for (const [name, value] of Object.entries(variables)) {
    await connection.run(`SET VARIABLE ${name} = ${value}::BIGINT`);
  }
}

async function writeTable(
  connection: DuckDBConnection,
  directory: string,
  table: { tableId: string; orderBy: string },
): Promise<void> {
  const file = join(directory, `${table.tableId}.parquet`);
  await connection.run(
    `COPY (FROM ${table.tableId} ORDER BY ${table.orderBy}) TO ${quoteText(file)}
     (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 3, ROW_GROUP_SIZE 100000)`,
  );
}
