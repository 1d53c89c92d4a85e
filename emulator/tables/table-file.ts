import { readdir, stat } from 'node:fs/promises';
import { join, parse } from 'node:path';

/** A file that is to become a table. */
export interface TableFile {
  readonly datasetId: string;
  readonly tableId: string;
  readonly format: 'parquet' | 'csv';
  readonly path: string;
  readonly lastModifiedMs: number;
}

/** What a folder of tables holds: the files to mount, and what stands in the way of others. */
export interface TableFiles {
  readonly files: readonly TableFile[];
  readonly problems: readonly string[];
}

/** Finds `<dataset>/<table>.parquet|csv` in a folder, symbolic links followed, in order of name. Other files and hidden ones are passed over. */
export async function findTableFiles(directory: string): Promise<TableFiles> {
  const files: TableFile[] = [];
  const problems: string[] = [];
  for (const datasetId of await visibleNames(directory, problems)) {
    const folder = join(directory, datasetId);
    if (!(await isDirectory(folder, problems))) continue;
    if (!/^\w{1,1024}$/.test(datasetId)) {
      problems.push(`${folder}: a dataset's name has only letters, digits and underscores`);
      continue;
    }
    for (const name of await visibleNames(folder, problems)) {
      await addTableFile(files, problems, datasetId, join(folder, name));
    }
  }
  return { files, problems };
}

async function addTableFile(
  files: TableFile[],
  problems: string[],
  datasetId: string,
  path: string,
): Promise<void> {
  const { name: tableId, ext } = parse(path);
  const format = formatOf(ext);
  if (format === undefined) return;
  const twin = files.find((other) => sameTable(other, { datasetId, tableId }));
  if (twin !== undefined) {
    problems.push(`${path}: the same table as ${twin.path}`);
  } else if (!/^[\p{L}\p{M}\p{N}\p{Pc}\p{Pd} ]{1,1024}$/u.test(tableId)) {
    problems.push(
      `${path}: a table's name has only letters, digits, underscores, dashes and spaces`,
    );
  } else {
    const found = await statOf(path, problems);
    if (found === undefined) return;
    if (!found.isFile()) problems.push(`${path}: not a file`);
    else
      files.push({ datasetId, tableId, format, path, lastModifiedMs: Math.trunc(found.mtimeMs) });
  }
}

function formatOf(extension: string): TableFile['format'] | undefined {
  switch (extension.toLowerCase()) {
    case '.parquet':
      return 'parquet';
    case '.csv':
      return 'csv';
    default:
      return undefined;
  }
}

/** Names are compared as DuckDB does, whatever their case. */
function sameTable(
  a: { datasetId: string; tableId: string },
  b: { datasetId: string; tableId: string },
): boolean {
  return (
    a.datasetId.toLowerCase() === b.datasetId.toLowerCase() &&
    a.tableId.toLowerCase() === b.tableId.toLowerCase()
  );
}

async function visibleNames(directory: string, problems: string[]): Promise<readonly string[]> {
  try {
    const names = await readdir(directory);
    return names.filter((name) => !name.startsWith('.')).sort();
  } catch (error) {
    problems.push(`${directory}: ${reasonOf(error)}`);
    return [];
  }
}

async function isDirectory(path: string, problems: string[]): Promise<boolean> {
  const found = await statOf(path, problems);
  return found?.isDirectory() ?? false;
}

async function statOf(path: string, problems: string[]) {
  try {
    return await stat(path);
  } catch (error) {
    problems.push(`${path}: ${reasonOf(error)}`);
    return undefined;
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
