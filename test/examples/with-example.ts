import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import type { Row } from '../catalog/with-warehouse.ts';

/** An example: its catalog folder, a folder with its data to mount, and plain DuckDB over the same file. */
export interface Example extends AsyncDisposable {
  readonly catalogDir: string;
  readonly mountDir: string;
  /** Rows of a DuckDB query over the view `data`; integers come as numbers, days as text. */
  rows(sql: string): Promise<Row[]>;
}

/** Prepares an example of the repository over a file of the package vega-datasets, mounted as `<dataset>.<table>`. */
export async function withExample(
  name: string,
  mounted: { readonly table: string; readonly file: string },
): Promise<Example> {
  const file = fileURLToPath(
    new URL(`../data/${mounted.file}`, import.meta.resolve('vega-datasets')),
  );
  const mountDir = await mkdtemp(join(tmpdir(), `punctual-${name}-`));
  await mkdir(join(mountDir, name));
  await symlink(file, join(mountDir, name, `${mounted.table}${extname(file)}`));
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`CREATE VIEW data AS SELECT * FROM '${file}'`);
  return {
    catalogDir: fileURLToPath(new URL(`../../examples/${name}`, import.meta.url)),
    mountDir,
    async rows(sql) {
      const reader = await connection.runAndReadAll(sql);
      return reader.getRowObjectsJS().map(plain);
    },
    async [Symbol.asyncDispose]() {
      connection.closeSync();
      instance.closeSync();
      await rm(mountDir, { recursive: true, force: true });
    },
  };
}

function plain(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([name, cell]) => {
      if (typeof cell === 'bigint') return [name, Number(cell)];
      return [name, cell instanceof Date ? cell.toISOString().slice(0, 10) : cell];
    }),
  );
}
