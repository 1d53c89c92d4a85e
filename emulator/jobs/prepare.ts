import type { DuckDBPreparedStatement } from '@duckdb/node-api';
import { quoteName } from '../tables/quote.ts';
import type { Loan } from '../warehouse/connection-pool.ts';
import type { QuerySpec } from './query-spec.ts';
import type { Statement } from './statement.ts';

/** Makes a connection see names as this query does: its project and default dataset, and its own functions. */
export async function enterScope(
  loan: Loan,
  projectId: string,
  spec: QuerySpec,
  statement: Statement,
): Promise<void> {
  const { projectId: catalog, datasetId } = spec.defaultDataset ?? { projectId, datasetId: 'main' };
  await loan.connection.run(`USE ${quoteName(catalog)}.${quoteName(datasetId)}`);
  if (statement.macros.length > 0) loan.taint();
  for (const macro of statement.macros) await loan.connection.run(macro);
}

/** Prepares a statement (`sql`, or what is made of it, such as its EXPLAIN) with the query's values bound. */
export async function prepareBound(
  { connection }: Loan,
  sql: string,
  values: Statement['values'],
): Promise<DuckDBPreparedStatement> {
  const prepared = await connection.prepare(sql);
  for (let i = 1; i <= prepared.parameterCount; i += 1) {
    const bound = values.get(prepared.parameterName(i).toLowerCase());
    if (bound !== undefined) prepared.bindValue(i, bound.value, bound.type);
  }
  return prepared;
}
