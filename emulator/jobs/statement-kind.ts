import { BigQueryError } from '../values/bigquery-error.ts';
import type { TableName } from '../warehouse/table-name.ts';
import type { Scope } from './referenced-tables.ts';

/** What a DuckDB statement does: BigQuery's `statementType`, and for writes whether they need the target to be there. */
export type StatementKind =
  | { readonly type: 'SELECT' }
  | { readonly type: string; readonly target: TableName; readonly targetMust: 'exist' | 'be-free' };

/** Reads off a statement what it does; throws a notImplemented BigQueryError for anything but queries, DML and table DDL. */
export function statementKind(sql: string, scope: Scope): StatementKind {
  if (/^\s*\(*\s*(?:SELECT|WITH|FROM|VALUES|PIVOT|UNPIVOT)\b/i.test(sql)) return { type: 'SELECT' };
  for (const { pattern, type, targetMust } of writes) {
    const match = pattern.exec(sql);
    if (match === null) continue;
    const target = targetOf(sql.slice(match[0].length), scope);
    return { type: type(sql), target, targetMust };
  }
  const word = /\w+/.exec(sql)?.[0] ?? 'this';
  throw new BigQueryError(
    'notImplemented',
    `${word.toUpperCase()} statements are not supported by the emulator`,
  );
}

const writes = [
  write(/^\s*INSERT\s+(?:INTO\s+)?/i, 'INSERT', 'exist'),
  write(/^\s*UPDATE\s+/i, 'UPDATE', 'exist'),
  write(/^\s*DELETE\s+(?:FROM\s+)?/i, 'DELETE', 'exist'),
  write(/^\s*MERGE\s+(?:INTO\s+)?/i, 'MERGE', 'exist'),
  write(/^\s*TRUNCATE\s+(?:TABLE\s+)?/i, 'TRUNCATE_TABLE', 'exist'),
  write(/^\s*ALTER\s+TABLE\s+/i, 'ALTER_TABLE', 'exist'),
  write(/^\s*DROP\s+TABLE\s+IF\s+EXISTS\s+/i, 'DROP_TABLE', 'be-free'),
  write(/^\s*DROP\s+TABLE\s+/i, 'DROP_TABLE', 'exist'),
  write(/^\s*DROP\s+VIEW\s+IF\s+EXISTS\s+/i, 'DROP_VIEW', 'be-free'),
  write(/^\s*DROP\s+VIEW\s+/i, 'DROP_VIEW', 'be-free'),
  write(
    /^\s*CREATE\s+(?:OR\s+REPLACE\s+)?VIEW\s+(?:IF\s+NOT\s+EXISTS\s+)?/i,
    'CREATE_VIEW',
    'be-free',
  ),
  {
    pattern: /^\s*CREATE\s+(?:OR\s+REPLACE\s+)?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?/i,
    type: (sql: string) =>
      /\bAS\s*\(?\s*(?:SELECT|WITH|FROM)\b/i.test(sql) ? 'CREATE_TABLE_AS_SELECT' : 'CREATE_TABLE',
    targetMust: 'be-free' as const,
  },
];

function write(pattern: RegExp, type: string, targetMust: 'exist' | 'be-free') {
  return { pattern, type: () => type, targetMust };
}

function targetOf(tail: string, scope: Scope): TableName {
  const path =
    /^(?:"(?:[^"]|"")+"|\w+)(?:\s*\.\s*(?:"(?:[^"]|"")+"|\w+)){0,2}/.exec(tail)?.[0] ?? '';
  const parts = (path.match(/"(?:[^"]|"")+"|\w+/g) ?? []).map(unquoted);
  const [tableId, datasetId, projectId] = parts.toReversed();
  if (tableId !== undefined && datasetId !== undefined)
    return { projectId: projectId ?? scope.projectId, datasetId, tableId };
  if (tableId !== undefined && scope.defaultDataset !== undefined)
    return { ...scope.defaultDataset, tableId };
  throw new BigQueryError(
    'invalid',
    `Table "${tableId ?? tail}" must be qualified with a dataset (e.g. dataset.table).`,
  );
}

function unquoted(part: string): string {
  return part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part;
}
