import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import type { Row } from '../catalog/with-warehouse.ts';
import { type TestStack, withStack } from '../with-stack.ts';

/** An example of the repository, served by a whole stack, and plain DuckDB over the same file. */
export interface Example extends AsyncDisposable {
  /** Rows of one query, asked by HTTP. */
  ask(query: string, parameters?: Row): Promise<Row[]>;
  /** The body of an endpoint's answer. */
  get(path: string): Promise<EndpointBody>;
  /** Rows of a DuckDB query over the view `data`; integers come as numbers, days as text. */
  rows(sql: string): Promise<Row[]>;
}

/** What an endpoint answers with. */
export interface EndpointBody {
  readonly data: Readonly<Record<string, readonly Row[]>>;
  readonly meta: { readonly degraded: boolean; readonly nextCursor?: string };
}

/** Starts an example over a file of the package vega-datasets, mounted as `<example>.<table>`. */
export async function withExample(
  name: string,
  { table, file }: { readonly table: string; readonly file: string },
): Promise<Example> {
  const path = fileURLToPath(new URL(`../data/${file}`, import.meta.resolve('vega-datasets')));
  await using resources = new AsyncDisposableStack();
  const emulatorDataDir = await mkdtemp(join(tmpdir(), `punctual-${name}-`));
  resources.defer(() => rm(emulatorDataDir, { recursive: true, force: true }));
  await mkdir(join(emulatorDataDir, name));
  await symlink(path, join(emulatorDataDir, name, `${table}${extname(path)}`));
  const catalogDir = fileURLToPath(new URL(`../../examples/${name}`, import.meta.url));
  // The first look at a table in a fleet's life ends the freshness of what was read before it.
  const env = { TABLE_WATCH: 'off' };
  const stack = resources.use(await withStack({ scale: 0, catalogDir, emulatorDataDir, env }));
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  resources.defer(() => connection.closeSync());
  await connection.run(`CREATE VIEW data AS SELECT * FROM '${path}'`);
  const started = resources.move();
  return {
    ask: (query, parameters = {}) => askByHttp(stack, query, parameters),
    get: async (path) => (await succeed(stack, path)) as EndpointBody,
    async rows(sql) {
      const reader = await connection.runAndReadAll(sql);
      return reader.getRowObjectsJS().map(plain);
    },
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
}

async function askByHttp(stack: TestStack, query: string, parameters: Row): Promise<Row[]> {
  const given = Object.entries(parameters).filter(([, value]) => value !== null);
  const search = new URLSearchParams(
    Object.fromEntries(given.map(([name, value]) => [name, String(value)])),
  ).toString();
  const body = (await succeed(stack, `/queries/${query}?${search}`)) as { data: Row[] };
  return body.data;
}

async function succeed(stack: TestStack, path: string): Promise<unknown> {
  const answer = await stack.get(`/api/v1${path}`);
  assert.equal(answer.status, 200, answer.text);
  assert.equal(answer.body.meta.degraded, false, answer.text);
  return answer.body;
}

function plain(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row).map(([name, cell]) => {
      if (typeof cell === 'bigint') return [name, Number(cell)];
      return [name, cell instanceof Date ? cell.toISOString().slice(0, 10) : cell];
    }),
  );
}
