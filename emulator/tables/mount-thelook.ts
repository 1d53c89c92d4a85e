import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { daysAfterAnchor, midnightMs } from '../thelook/calendar.ts';
import {
  THELOOK_DATASET,
  THELOOK_PROJECT,
  THELOOK_TABLES,
  type ThelookTable,
} from '../thelook/tables.ts';
import type { MountedTable } from './mounted-table.ts';
import { quoteFile, quoteName } from './quote.ts';
import { ensureDataset } from './schema.ts';

const MICROS_PER_DAY = 86_400_000_000;

/**
 * Mounts the generated dataset from its folder, every moment shifted by whole days so that its last day is `today`
 * (an ISO date, UTC). That day is full to its end: until midnight some rows lie ahead of the clock.
 */
export async function mountThelook(
  connection: DuckDBConnection,
  directory: string,
  today: string,
): Promise<readonly MountedTable[]> {
  const shiftMicros = daysAfterAnchor(today) * MICROS_PER_DAY;
  await ensureDataset(connection, THELOOK_PROJECT, THELOOK_DATASET);
  const mounted: MountedTable[] = [];
  for (const table of THELOOK_TABLES) {
    const source = join(directory, `${table.tableId}.parquet`);
    await connection.run(mountSql(table, source, shiftMicros));
    mounted.push({
      projectId: THELOOK_PROJECT,
      datasetId: THELOOK_DATASET,
      tableId: table.tableId,
      source,
      lastModifiedMs: midnightMs(today),
    });
  }
  return mounted;
}

function mountSql(table: ThelookTable, source: string, shiftMicros: number): string {
  const kind = table.mount === 'memory' ? 'TABLE' : 'VIEW';
  const name = [THELOOK_PROJECT, THELOOK_DATASET, table.tableId].map(quoteName).join('.');
  return `CREATE ${kind} ${name} AS ${selectShifted(table, source, shiftMicros)}`;
}

function selectShifted(table: ThelookTable, source: string, shiftMicros: number): string {
  // Adding an INTERVAL to a TIMESTAMPTZ asks the calendar for every value; counting microseconds does not.
  const shifted = table.timestamps.map(
    (column) => `make_timestamptz(epoch_us(${column}) + ${shiftMicros}) AS ${column}`,
  );
  const columns = shifted.length === 0 ? '*' : `* REPLACE (${shifted.join(', ')})`;
  return `SELECT ${columns} FROM read_parquet(${quoteFile(source)}, hive_partitioning = false)`;
}
