import type { ColumnBytes } from '../warehouse/column-bytes.ts';
import { mountsProjectId } from '../warehouse/projects.ts';
import { type TableName, tableKey } from '../warehouse/table-name.ts';
import type { Scan } from './scans.ts';

/** What a query costs by BigQuery's on-demand rule. */
export interface Estimate {
  readonly bytesProcessed: number;
  readonly bytesBilled: number;
}

const megabyte = 1_048_576;
const minBilledBytesPerTable = 10 * megabyte;

/**
 * Adds up the columns that a plan reads, each column of a table once, whole: partitions and clusters do not exist here.
 * Every table that is read is billed 10 MB at least, in whole megabytes (https://cloud.google.com/bigquery/pricing#on_demand_pricing).
 */
export async function estimate(
  scans: readonly Scan[],
  tables: readonly TableName[],
  columnBytes: ColumnBytes,
): Promise<Estimate> {
  const reads = new Map<TableName, Set<string>>();
  for (const scan of scans) {
    const read = await readOf(scan, tables, reads, columnBytes);
    if (read === undefined) continue;
    const columns = reads.get(read.table) ?? new Set();
    for (const column of read.columns) columns.add(column);
    reads.set(read.table, columns);
  }
  let bytesProcessed = 0;
  let bytesBilled = 0;
  for (const [table, columns] of reads) {
    const { bytesByColumn } = await columnBytes.measure(table, [...columns]);
    const bytes = [...bytesByColumn.values()].reduce((sum, size) => sum + size, 0);
    bytesProcessed += bytes;
    bytesBilled += bytes === 0 ? 0 : Math.max(minBilledBytesPerTable, wholeMegabytes(bytes));
  }
  return { bytesProcessed, bytesBilled };
}

function wholeMegabytes(bytes: number): number {
  return Math.ceil(bytes / megabyte) * megabyte;
}

async function readOf(
  scan: Scan,
  tables: readonly TableName[],
  reads: ReadonlyMap<TableName, unknown>,
  columnBytes: ColumnBytes,
): Promise<{ table: TableName; columns: readonly string[] } | undefined> {
  const candidates = scan.table === undefined ? tables : named(scan.table, tables);
  // A file scan may belong to any referenced view with such columns: first one that nothing is read from yet.
  const fresh = candidates.filter((table) => !reads.has(table));
  for (const table of [...fresh, ...candidates]) {
    const names = (await columnBytes.columnsOf(table)).map(({ name }) => name);
    if (scan.columns.every((column) => names.includes(column)))
      return { table, columns: names.filter((name) => isRead(name, scan)) };
  }
  return undefined;
}

// The plan quotes a name only where it must: `"my-project".ds.t`.
function named(planName: string, tables: readonly TableName[]): readonly TableName[] {
  const key = planName.replaceAll(/(?<!")"(?!")/g, '').replaceAll('""', '"');
  return tables.filter(
    (table) =>
      tableKey(table) === key || tableKey({ ...table, projectId: mountsProjectId }) === key,
  );
}

function isRead(column: string, { columns, filters }: Scan): boolean {
  return columns.includes(column) || filters.some((filter) => mentions(filter, column));
}

function mentions(filter: string, column: string): boolean {
  const bare = filter.replaceAll(/'(?:[^']|'')*'/g, '');
  const words = new Set(bare.split(/[^\p{L}\p{N}_]+/u));
  return words.has(column);
}
