import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BigQuery } from '@google-cloud/bigquery';
import { z } from 'zod';
import { createEmulator } from '../../emulator/server.ts';
import { type Query, queryNamed } from '../../shared/catalog/catalog.ts';
import { loadCatalog } from '../../shared/catalog/load-catalog.ts';
import type { ParameterType } from '../../shared/catalog/parameter-types.ts';
import type { Parameters } from '../../shared/fingerprint.ts';
import { boundParameters } from '../../workers/thread/bound-parameters.ts';
import { connectWarehouse } from '../../workers/thread/connect-warehouse.ts';

/** A row as a test looks at it. */
export type Row = Readonly<Record<string, unknown>>;

/** A warehouse to ask the default catalog's queries from. */
export interface Warehouse extends AsyncDisposable {
  /** Runs a query through the official client, defaults filled in; its rows are those that its declaration accepts. */
  ask(query: string, parameters?: Row): Promise<Row[]>;
  /** Runs a text of GoogleSQL through the official client; its rows are as they come. */
  run(sql: string, types: Types, parameters: Parameters): Promise<Row[]>;
}

type Types = Readonly<Record<string, ParameterType>>;

/** Where the generated dataset is kept between tests. */
export const DATA_DIR = join(fileURLToPath(new URL('../../', import.meta.url)), '.data');

/** The day that the generated dataset ends on: that of the warehouse's clock, which queries compare it with. */
export const TODAY = new Date().toISOString().slice(0, 10);

/** Starts an emulator for the queries of the default catalog. */
export async function withWarehouse({ scale }: { readonly scale: number }): Promise<Warehouse> {
  const catalog = await loadCatalog();
  const emulator = await createEmulator({
    port: 0,
    host: '127.0.0.1',
    scale,
    seed: 1,
    dataDir: DATA_DIR,
    today: TODAY,
    logLevel: 'warn',
  });
  const client = connectWarehouse({
    projectId: 'punctual',
    location: undefined,
    emulatorUrl: emulator.url,
  });
  return {
    ask: (name, parameters = {}) => ask(client, queryNamed(catalog, name), parameters),
    run: (sql, types, parameters) => run(client, sql, types, parameters),
    [Symbol.asyncDispose]: () => emulator[Symbol.asyncDispose](),
  };
}

async function ask(client: BigQuery, query: Query, given: Row): Promise<Row[]> {
  const checked = query.parameters.parse(given) as Parameters;
  const by = query.batch?.by;
  const parameters = by === undefined ? checked : { ...checked, [by]: [checked[by] ?? null] };
  const rows = await run(client, query.sql, query.parameterTypes, parameters);
  return z.array(query.row).parse(rows);
}

async function run(client: BigQuery, sql: string, types: Types, given: Parameters): Promise<Row[]> {
  const [rows] = await client.query({ query: sql, ...boundParameters(types, given) });
  return (rows as Row[]).map(plain);
}

/** The client wraps dates in objects of its own. */
function plain(row: Row): Row {
  const isWrapped = (cell: unknown): cell is { value: unknown } =>
    typeof cell === 'object' && cell !== null && 'value' in cell;
  return Object.fromEntries(
    Object.entries(row).map(([name, cell]) => [name, isWrapped(cell) ? cell.value : cell]),
  );
}
