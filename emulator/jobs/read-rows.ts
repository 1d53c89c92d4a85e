import { setImmediate as nextTurn } from 'node:timers/promises';
import type { DuckDBDataChunk, DuckDBResult } from '@duckdb/node-api';
import { BigQueryError } from '../values/bigquery-error.ts';
import { type CellWriter, cellWriter } from '../values/cell.ts';
import type { StoredRows } from './job.ts';

/**
 * Reads a streamed result as JSON rows, chunk by chunk so that other requests get their turn between.
 * Throws a responseTooLarge BigQueryError once the rows pass `maxBytes`, and the signal's reason when it aborts.
 */
export async function readRows(
  result: DuckDBResult,
  maxBytes: number,
  signal: AbortSignal,
): Promise<StoredRows> {
  const writers = result.columnTypes().map((type, i) => cellWriter(result.columnName(i), type));
  const rows: string[] = [];
  let bytes = 0;
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return { rows, bytes };
    for (const row of jsonRows(chunk, writers)) {
      rows.push(row);
      bytes += row.length;
    }
    if (bytes > maxBytes)
      throw new BigQueryError(
        'responseTooLarge',
        `Response too large to return: the emulator keeps ${maxBytes} bytes of a result at most`,
      );
    await nextTurn();
    signal.throwIfAborted();
  }
}

function jsonRows(chunk: DuckDBDataChunk, writers: readonly CellWriter[]): readonly string[] {
  const columns = writers.map((write, i) => chunk.getColumnValues(i).map(write));
  return Array.from(
    { length: chunk.rowCount },
    (_, row) => `{"f":[${columns.map((column) => column[row]).join(',')}]}`,
  );
}
