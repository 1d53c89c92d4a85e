import { BigQuery, type BigQueryOptions } from '@google-cloud/bigquery';
import { PassThroughClient } from 'google-auth-library';

/** A statement with everything that the warehouse is told about it. */
export interface Statement {
  readonly sql: string;
  readonly parameters: Readonly<Record<string, number | readonly number[]>>;
}

/** The official BigQuery client by itself, as a program without Punctual would use it. */
export interface OfficialClient {
  /** Inserts a job under an id of our own and reads its first page; returns the raw rows. */
  readonly run: (statement: Statement) => Promise<unknown[]>;
  /** The same by the client's quick path: one call, whose job has an id that nobody knows before it is answered. */
  readonly runQuickly: (statement: Statement) => Promise<unknown[]>;
}

const PAGE = { autoPaginate: false, maxResults: 10_000, timeoutMs: 10_000, skipParsing: true };

/** Connects the client to the emulator, over keep-alive connections as is its default. */
export function createOfficialClient(emulator: string): OfficialClient {
  const client = new BigQuery({
    projectId: 'punctual',
    apiEndpoint: emulator,
    retryOptions: { autoRetry: false },
    // The client's own copy of the auth library is typed apart from ours, though it is the same class.
    authClient: new PassThroughClient() as unknown as NonNullable<BigQueryOptions['authClient']>,
  });
  return {
    async run(statement) {
      const [job] = await client.createQueryJob({
        ...queryOf(statement),
        jobId: `bench_${crypto.randomUUID()}`,
        jobTimeoutMs: 15_000,
      });
      const [rows] = await job.getQueryResults(PAGE);
      return rows;
    },
    async runQuickly(statement) {
      const [rows] = await client.query(queryOf(statement), PAGE);
      return rows;
    },
  };
}

function queryOf({ sql, parameters }: Statement) {
  const typeOf = (value: number | readonly number[]) =>
    typeof value === 'number' ? 'INT64' : ['INT64'];
  return {
    query: sql,
    params: parameters,
    types: Object.fromEntries(
      Object.entries(parameters).map(([name, value]) => [name, typeOf(value)]),
    ),
    maximumBytesBilled: '2000000000',
  };
}
