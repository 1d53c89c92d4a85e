import type { DuckDBPreparedStatement } from '@duckdb/node-api';
import { BigQueryError } from '../values/bigquery-error.ts';
import { type Field, fieldsOf } from '../values/field.ts';
import type { Loan } from '../warehouse/connection-pool.ts';
import type { Warehouse } from '../warehouse/open-warehouse.ts';
import type { TableName } from '../warehouse/table-name.ts';
import { estimate } from './estimate.ts';
import type { Analysis } from './job.ts';
import { enterScope, prepareBound } from './prepare.ts';
import type { QuerySpec } from './query-spec.ts';
import { referencedTables, requireTable, type Scope, selectWithin } from './referenced-tables.ts';
import { scansOf } from './scans.ts';
import type { Statement } from './statement.ts';
import { type StatementKind, statementKind } from './statement-kind.ts';

/** Finds out what a query reads, gives and costs without running it; throws for an invalid one. */
export async function analyse(
  loan: Loan,
  projectId: string,
  spec: QuerySpec,
  statement: Statement,
  warehouse: Warehouse,
): Promise<Analysis> {
  const scope: Scope = { projectId, ...pickDefaultDataset(spec) };
  const kind = statementKind(statement.sql, scope);
  await requireDefaultDataset(scope, warehouse);
  const source = 'target' in kind ? selectWithin(statement.sql) : statement.sql;
  const read = await referencedTables(loan.connection, source, scope, warehouse.tables);
  if ('target' in kind) await readyTarget(kind, warehouse);
  await enterScope(loan, projectId, spec, statement);
  const prepared = await prepareBound(loan, statement.sql, statement.values);
  const fields = 'target' in kind ? [] : resultFields(prepared);
  const tables = 'target' in kind ? [...read, kind.target] : read;
  const cost = await estimate(
    scansOf(await planOf(loan, statement)),
    tables,
    warehouse.columnBytes,
  );
  return {
    statementType: kind.type,
    fields,
    referencedTables: tables,
    ...('target' in kind && { target: kind.target }),
    ...cost,
  };
}

function pickDefaultDataset({ defaultDataset }: QuerySpec) {
  return defaultDataset === undefined ? {} : { defaultDataset };
}

async function requireDefaultDataset({ defaultDataset }: Scope, { tables }: Warehouse) {
  if (defaultDataset === undefined) return;
  const { projectId, datasetId } = defaultDataset;
  const known = await tables.datasets(projectId);
  if (!known.includes(datasetId)) throw missingDataset({ projectId, datasetId });
}

async function readyTarget(
  kind: Exclude<StatementKind, { type: 'SELECT' }>,
  { tables }: Warehouse,
): Promise<void> {
  const { target, targetMust } = kind;
  if (targetMust === 'exist') await requireTable(target, tables);
  const datasets = await tables.datasets(target.projectId);
  if (!datasets.includes(target.datasetId)) throw missingDataset(target);
  if (!kind.type.endsWith('_VIEW')) await tables.makeWritable(target);
}

function missingDataset(o: Pick<TableName, 'projectId' | 'datasetId'>): BigQueryError {
  return new BigQueryError(
    'notFound',
    `Not found: Dataset ${o.projectId}:${o.datasetId} was not found in location US`,
  );
}

function resultFields(prepared: DuckDBPreparedStatement): readonly Field[] {
  const indexes = Array.from({ length: prepared.columnCount }, (_, i) => i);
  const names = indexes.map((i) => prepared.columnName(i));
  const seen = new Set<string>();
  const twice = names.filter((name) => seen.size === seen.add(name.toLowerCase()).size);
  if (twice.length > 0)
    throw new BigQueryError(
      'invalidQuery',
      `Duplicate column names in the result are not supported. Found duplicate(s): ${twice.join(', ')}`,
      { location: 'query' },
    );
  return fieldsOf(
    names,
    indexes.map((i) => prepared.columnType(i)),
  );
}

async function planOf(loan: Loan, { sql, values }: Statement): Promise<string> {
  const explain = await prepareBound(loan, `EXPLAIN (FORMAT json) ${sql}`, values);
  const reader = await explain.runAndReadAll();
  return String(reader.getRows()[0]?.[1] ?? '[]');
}
