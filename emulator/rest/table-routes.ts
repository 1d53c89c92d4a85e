import { z } from 'zod';
import { requireTable } from '../jobs/referenced-tables.ts';
import { fieldOf } from '../values/field.ts';
import type { Warehouse } from '../warehouse/open-warehouse.ts';
import type { TableName } from '../warehouse/table-name.ts';
import type { Backend, Call, Reply, Route } from './call.ts';
import { ok } from './call.ts';
import { requireDataset } from './dataset-routes.ts';
import { listPage } from './list-page.ts';
import { parseQuery } from './wire.ts';

const tablesPath = '/projects/:projectId/datasets/:datasetId/tables';

/** tables.list and get. */
export const tableRoutes: readonly Route[] = [
  { method: 'GET', path: tablesPath, answer: listTables },
  { method: 'GET', path: `${tablesPath}/:tableId`, faultRoute: 'table', answer: getTable },
];

const getQuery = z.object({
  view: z
    .enum(['TABLE_METADATA_VIEW_UNSPECIFIED', 'BASIC', 'STORAGE_STATS', 'FULL'])
    .default('STORAGE_STATS'),
  fields: z
    .string()
    .regex(/^(?:\*|\w+(?:,\w+)*)$/, 'expected names of members, separated by commas')
    .default('*'),
});

/** What BASIC leaves out of a description. */
const STORAGE_STATISTICS = new Set(['numRows', 'numBytes', 'numLongTermBytes', 'lastModifiedTime']);

async function listTables({ path, query }: Call, { warehouse }: Backend): Promise<Reply> {
  const { projectId = '', datasetId = '' } = path;
  await requireDataset(projectId, datasetId, warehouse);
  const all = await warehouse.tables.list(projectId);
  const own = all.filter((table) => table.datasetId === datasetId);
  const { items, nextPageToken } = listPage(own, query);
  return ok({
    kind: 'bigquery#tableList',
    tables: await Promise.all(items.map((table) => tableHead(table, warehouse))),
    totalItems: own.length,
    ...(nextPageToken !== undefined && { nextPageToken }),
  });
}

async function getTable({ path, query }: Call, { warehouse }: Backend): Promise<Reply> {
  const { projectId = '', datasetId = '', tableId = '' } = path;
  const { view, fields } = parseQuery(getQuery, query);
  const table: TableName = { projectId, datasetId, tableId };
  await warehouse.tables.ensureProject(projectId);
  await requireTable(table, warehouse.tables);
  const isWanted = (member: string) =>
    (fields === '*' || fields.split(',').includes(member)) &&
    (view !== 'BASIC' || !STORAGE_STATISTICS.has(member));
  const modifiedMs = String(warehouse.tables.lastModifiedMs(table));
  const resource = {
    etag: Buffer.from(`${tableId} ${modifiedMs}`).toString('base64url'),
    ...(await tableHead(table, warehouse)),
    ...(isWanted('schema') && { schema: await schemaOf(table, warehouse) }),
    ...(['numRows', 'numBytes'].some(isWanted) && (await sizeOf(table, warehouse))),
    numLongTermBytes: '0',
    creationTime: modifiedMs,
    lastModifiedTime: modifiedMs,
    location: 'US',
  };
  return ok(Object.fromEntries(Object.entries(resource).filter(([member]) => isWanted(member))));
}

async function schemaOf(table: TableName, { columnBytes }: Warehouse): Promise<object> {
  const columns = await columnBytes.columnsOf(table);
  return { fields: columns.map(({ name, type }) => fieldOf(name, type)) };
}

async function sizeOf(table: TableName, { columnBytes }: Warehouse): Promise<object> {
  const names = (await columnBytes.columnsOf(table)).map(({ name }) => name);
  const { rows, bytesByColumn } = await columnBytes.measure(table, names);
  const bytes = [...bytesByColumn.values()].reduce((sum, size) => sum + size, 0);
  return { numRows: String(rows), numBytes: String(bytes) };
}

async function tableHead(table: TableName, { tables }: Warehouse): Promise<object> {
  const { projectId, datasetId, tableId } = table;
  return {
    kind: 'bigquery#table',
    id: `${projectId}:${datasetId}.${tableId}`,
    tableReference: table,
    type: (await tables.viewSql(table)) === undefined ? 'TABLE' : 'VIEW',
  };
}
