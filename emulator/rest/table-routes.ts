import { fieldOf } from '../values/field.ts';
import { requireTable } from '../jobs/referenced-tables.ts';
import type { TableName } from '../warehouse/table-name.ts';
import type { Backend, Call, Reply, Route } from './call.ts';
import { ok } from './call.ts';
import { requireDataset } from './dataset-routes.ts';
import { listPage } from './list-page.ts';

const tablesPath = '/projects/:projectId/datasets/:datasetId/tables';

/** tables.list and get. */
export const tableRoutes: readonly Route[] = [
  { method: 'GET', path: tablesPath, answer: listTables },
  { method: 'GET', path: `${tablesPath}/:tableId`, answer: getTable },
];

async function listTables({ path, query }: Call, { warehouse }: Backend): Promise<Reply> {
  const { projectId = '', datasetId = '' } = path;
  await requireDataset(projectId, datasetId, warehouse);
  const all = await warehouse.tables.list(projectId);
  const own = all.filter((table) => table.datasetId === datasetId);
  const { items, nextPageToken } = listPage(own, query);
  return ok({
    kind: 'bigquery#tableList',
    tables: items.map(tableHead),
    totalItems: own.length,
    ...(nextPageToken !== undefined && { nextPageToken }),
  });
}

async function getTable({ path }: Call, { warehouse }: Backend): Promise<Reply> {
  const { projectId = '', datasetId = '', tableId = '' } = path;
  const table: TableName = { projectId, datasetId, tableId };
  await warehouse.tables.ensureProject(projectId);
  await requireTable(table, warehouse.tables);
  const columns = await warehouse.columnBytes.columnsOf(table);
  const names = columns.map(({ name }) => name);
  const { rows, bytesByColumn } = await warehouse.columnBytes.measure(table, names);
  const bytes = [...bytesByColumn.values()].reduce((sum, size) => sum + size, 0);
  const modifiedMs = String(warehouse.tables.lastModifiedMs(table));
  return ok({
    etag: Buffer.from(`${tableId} ${modifiedMs}`).toString('base64url'),
    ...tableHead(table),
    schema: { fields: columns.map(({ name, type }) => fieldOf(name, type)) },
    numRows: String(rows),
    numBytes: String(bytes),
    numLongTermBytes: '0',
    creationTime: modifiedMs,
    lastModifiedTime: modifiedMs,
    location: 'US',
  });
}

function tableHead(table: TableName): object {
  const { projectId, datasetId, tableId } = table;
  return {
    kind: 'bigquery#table',
    id: `${projectId}:${datasetId}.${tableId}`,
    tableReference: table,
    type: 'TABLE',
  };
}
