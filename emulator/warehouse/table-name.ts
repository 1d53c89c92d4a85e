import { quoteName } from '../tables/quote.ts';

/** A table as BigQuery names it; in DuckDB project, dataset and table are catalog, schema and table. */
export interface TableName {
  readonly projectId: string;
  readonly datasetId: string;
  readonly tableId: string;
}

/** The name as one string, `project.dataset.table`: the key of everything that is known of a table. */
export function tableKey({ projectId, datasetId, tableId }: TableName): string {
  return `${projectId}.${datasetId}.${tableId}`;
}

/** The name as BigQuery's messages write it, `project:dataset.table`. */
export function tableLabel({ projectId, datasetId, tableId }: TableName): string {
  return `${projectId}:${datasetId}.${tableId}`;
}

/** The name as DuckDB SQL. */
export function tableSql({ projectId, datasetId, tableId }: TableName): string {
  return [projectId, datasetId, tableId].map(quoteName).join('.');
}
