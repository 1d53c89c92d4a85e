import type { DuckDBConnection } from '@duckdb/node-api';
import { bigqueryType } from './bigquery-type.ts';
import { legalColumnNames } from './column-name.ts';
import { csvScan } from './csv.ts';
import type { MountedTable } from './mounted-table.ts';
import { quoteFile, quoteName } from './quote.ts';
import { ensureDataset } from './schema.ts';
import { findTableFiles, type TableFile } from './table-file.ts';

/** Some files of a folder cannot be mounted; each problem names its file. */
export class UnmountableFolder extends Error {
  override readonly name = 'UnmountableFolder';
  readonly problems: readonly string[];

  constructor(directory: string, problems: readonly string[]) {
    super([`cannot mount ${directory}:`, ...problems.map((problem) => `- ${problem}`)].join('\n'));
    this.problems = problems;
  }
}

/**
 * Mounts `<dataset>/<table>.parquet|csv` as tables of a project: Parquet stays in its file, CSV (which must have a header
 * line; its types are sniffed over all rows) is loaded. Column names that BigQuery would refuse are changed, with a report line.
 * Throws UnmountableFolder with every bad file.
 */
export async function mountFolder(
  connection: DuckDBConnection,
  directory: string,
  projectId: string,
  report: (line: string) => void = () => {},
): Promise<readonly MountedTable[]> {
  const { files, problems: found } = await findTableFiles(directory);
  const problems = [...found];
  for (const file of files) {
    const problem = await mountFile(connection, file, projectId, report);
    if (problem !== undefined) problems.push(`${file.path}: ${problem}`);
  }
  if (problems.length > 0) throw new UnmountableFolder(directory, problems);
  return files.map(({ datasetId, tableId, path, lastModifiedMs }) => ({
    projectId,
    datasetId,
    tableId,
    source: path,
    lastModifiedMs,
  }));
}

async function mountFile(
  connection: DuckDBConnection,
  file: TableFile,
  projectId: string,
  report: (line: string) => void,
): Promise<string | undefined> {
  try {
    const scan = await scanOf(file);
    const columns = await readColumns(connection, scan);
    const problems = columns.filter((column) => column.held === undefined);
    if (problems.length > 0) return problems.map(refusal).join('; ');
    reportRenamed(file, columns, report);
    await ensureDataset(connection, projectId, file.datasetId);
    await connection.run(mountSql(file, scan, projectId, columns));
    return undefined;
  } catch (error) {
    return reasonOf(error);
  }
}

interface Column {
  readonly name: string;
  readonly legalName: string;
  readonly fileType: string;
  /** The type as mounted, or undefined where BigQuery has none. */
  readonly held: string | undefined;
}

async function readColumns(connection: DuckDBConnection, scan: string): Promise<readonly Column[]> {
  const result = await connection.run(`SELECT * FROM ${scan} LIMIT 0`);
  const names = result.columnNames();
  const legalNames = legalColumnNames(names);
  return names.map((name, index) => ({
    name,
    legalName: legalNames[index] ?? name,
    fileType: result.columnType(index).toString(),
    held: bigqueryType(result.columnType(index)),
  }));
}

function refusal(column: Column): string {
  return `column ${JSON.stringify(column.name)} has the type ${column.fileType}, which BigQuery has no match for`;
}

function reportRenamed(
  file: TableFile,
  columns: readonly Column[],
  report: (line: string) => void,
): void {
  for (const { name, legalName } of columns) {
    if (name !== legalName) {
      report(`${file.path}: column ${JSON.stringify(name)} is mounted as ${legalName}`);
    }
  }
}

function mountSql(
  file: TableFile,
  scan: string,
  projectId: string,
  columns: readonly Column[],
): string {
  // Every query of a view over CSV would parse the whole text again.
  const kind = file.format === 'csv' ? 'TABLE' : 'VIEW';
  const name = [projectId, file.datasetId, file.tableId].map(quoteName).join('.');
  const list = columns.map(columnSql).join(', ');
  return `CREATE ${kind} ${name} AS SELECT ${list} FROM ${scan}`;
}

function columnSql({ name, legalName, fileType, held }: Column): string {
  const value = fileType === held ? quoteName(name) : `CAST(${quoteName(name)} AS ${held})`;
  return `${value} AS ${quoteName(legalName)}`;
}

/** The DuckDB expression that reads the file's rows. */
async function scanOf({ format, path }: TableFile): Promise<string> {
  switch (format) {
    case 'parquet':
      return `read_parquet(${quoteFile(path)}, hive_partitioning = false)`;
    case 'csv':
      return await csvScan(path);
    default:
      return format satisfies never;
  }
}

/** What is wrong and where; DuckDB adds pages of advice. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const lines = message.split('\n').filter((line) => line.trim() !== '');
  return lines.slice(0, 2).join(' ');
}
