import { BigQueryError } from '../values/bigquery-error.ts';
import { failureText } from '../sql/macros/fail.ts';
import { SqlSyntaxError, UnsupportedSql } from '../sql/sql-error.ts';

/** Says in BigQuery's words what an error of the translation or of DuckDB means. */
export function toBigQueryError(error: unknown): BigQueryError {
  if (error instanceof BigQueryError) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof SqlSyntaxError || error instanceof UnsupportedSql)
    return new BigQueryError('invalidQuery', message, { location: 'query' });
  const raised = failureText(message);
  if (raised !== undefined) return new BigQueryError('invalidQuery', raised, { location: 'query' });
  const [kind, text] = splitKind(message);
  return (
    notFound(text) ??
    new BigQueryError(reasonByKind[kind] ?? 'invalidQuery', worded(kind, text), {
      location: 'query',
    })
  );
}

function splitKind(message: string): readonly [kind: string, text: string] {
  const firstLine = message.split('\n', 1)[0] ?? '';
  const match = /^([A-Za-z -]+?) Error: (.*)$/.exec(firstLine);
  return match === null ? ['', firstLine] : [match[1] ?? '', match[2] ?? ''];
}

const reasonByKind: Readonly<Record<string, string>> = {
  'Out of Memory': 'resourcesExceeded',
  INTERRUPT: 'stopped',
  IO: 'backendError',
  INTERNAL: 'internalError',
  FATAL: 'internalError',
};

function notFound(text: string): BigQueryError | undefined {
  const table = /^(?:Table|View) with name (\S+) does not exist/.exec(text)?.[1];
  if (table === undefined) return undefined;
  return new BigQueryError('notFound', `Not found: Table ${table} was not found in location US`);
}

function worded(kind: string, text: string): string {
  for (const [pattern, say] of wordings) {
    const match = pattern.exec(text);
    if (match !== null) return say(match[1] ?? '');
  }
  if (kind === 'Parser') return `Syntax error: ${text}`;
  if (kind === 'INTERRUPT') return 'Job execution was cancelled: User requested cancellation';
  if (kind === 'Out of Memory') return `Resources exceeded during query execution: ${text}`;
  return text;
}

const unrecognized = (name: string) => `Unrecognized name: ${name}`;

const wordings: readonly (readonly [RegExp, (name: string) => string])[] = [
  [/^Referenced column "([^"]+)" not found/, unrecognized],
  [/^Referenced table "([^"]+)" not found/, unrecognized],
  [/^Column "([^"]+)" referenced that exists in the SELECT clause/, unrecognized],
  [/does not have a column named "([^"]+)"/, (name) => `Name ${name} not found inside its table`],
  [
    /^column "([^"]+)" must appear in the GROUP BY clause/,
    (name) =>
      `SELECT list expression references column ${name} which is neither grouped nor aggregated`,
  ],
  [
    /^(?:Scalar|Aggregate|Table) Function with name (\S+) does not exist/i,
    (name) => `Function not found: ${name}`,
  ],
];
