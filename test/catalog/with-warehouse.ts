import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BigQuery, type BigQueryOptions } from '@google-cloud/bigquery';
import { PassThroughClient } from 'google-auth-library';
import { z } from 'zod';
import { createEmulator } from '../../emulator/server.ts';
import { type Query, queryNamed } from '../../shared/catalog/catalog.ts';
import { loadCatalog } from '../../shared/catalog/load-catalog.ts';

/** A row as a test looks at it. */
export type Row = Readonly<Record<string, unknown>>;

/** A warehouse to ask the default catalog's queries from. */
export interface Warehouse extends AsyncDisposable {
  /** Runs a query through the official client, defaults filled in; its rows are those that its declaration accepts. */
  ask(query: string, parameters?: Row): Promise<Row[]>;
}

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
  const client = connect(emulator.url);
  return {
    ask: (name, parameters = {}) => ask(client, queryNamed(catalog, name), parameters),
    [Symbol.asyncDispose]: () => emulator[Symbol.asyncDispose](),
  };
}

function connect(url: string): BigQuery {
  return new BigQuery({
    projectId: 'punctual',
    apiEndpoint: url,
    // The client's own copy of the auth library is typed apart from ours, though it is the same class.
    authClient: new PassThroughClient() as unknown as NonNullable<BigQueryOptions['authClient']>,
    retryOptions: { autoRetry: false },
  });
}

async function ask(client: BigQuery, query: Query, given: Row): Promise<Row[]> {
  const parameters = Object.entries(query.parameters.parse(given));
  const bound = parameters.map(([name, value]) => [name, boundValue(query, name, value)]);
  const [rows] = await client.query({
    query: query.sql,
    params: Object.fromEntries(bound),
    types: { ...query.parameterTypes } as Record<string, string | string[]>,
  });
  return z.array(query.row).parse((rows as Row[]).map(plain));
}

/** The client sends NULL for a day or a moment that is plain text. */
function boundValue({ parameterTypes }: Query, name: string, value: unknown): unknown {
  if (typeof value !== 'string') return value;
  if (parameterTypes[name] === 'DATE') return BigQuery.date(value);
  return parameterTypes[name] === 'TIMESTAMP' ? BigQuery.timestamp(value) : value;
}

/** The client wraps dates in objects of its own. */
function plain(row: Row): Row {
  const isWrapped = (cell: unknown): cell is { value: unknown } =>
    typeof cell === 'object' && cell !== null && 'value' in cell;
  return Object.fromEntries(
    Object.entries(row).map(([name, cell]) => [name, isWrapped(cell) ? cell.value : cell]),
  );
}
