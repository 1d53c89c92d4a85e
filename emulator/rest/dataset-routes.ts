import { z } from 'zod';
import { BigQueryError } from '../values/bigquery-error.ts';
import type { Backend, Call, Reply, Route } from './call.ts';
import { ok } from './call.ts';
import { listPage } from './list-page.ts';
import { parse } from './wire.ts';

const datasetsPath = '/projects/:projectId/datasets';
const datasetPath = `${datasetsPath}/:datasetId`;

/** datasets.list, insert, get and delete. */
export const datasetRoutes: readonly Route[] = [
  { method: 'GET', path: datasetsPath, answer: list },
  { method: 'POST', path: datasetsPath, answer: insert },
  { method: 'GET', path: datasetPath, answer: get },
  { method: 'DELETE', path: datasetPath, answer: remove },
];

/** Throws a notFound BigQueryError if a project has no such dataset. */
export async function requireDataset(
  projectId: string,
  datasetId: string,
  { tables }: Backend['warehouse'],
): Promise<void> {
  await tables.ensureProject(projectId);
  if ((await tables.datasets(projectId)).includes(datasetId)) return;
  throw new BigQueryError('notFound', `Not found: Dataset ${projectId}:${datasetId}`);
}

async function list({ path, query }: Call, { warehouse }: Backend): Promise<Reply> {
  const { projectId = '' } = path;
  await warehouse.tables.ensureProject(projectId);
  const { items, nextPageToken } = listPage(await warehouse.tables.datasets(projectId), query);
  return ok({
    kind: 'bigquery#datasetList',
    datasets: items.map((datasetId) => datasetResource(projectId, datasetId)),
    ...(nextPageToken !== undefined && { nextPageToken }),
  });
}

const datasetBody = z.object({
  datasetReference: z.object({
    datasetId: z.string().regex(/^\w{1,1024}$/, 'is not a valid dataset id'),
  }),
});

async function insert({ path, body }: Call, { warehouse }: Backend): Promise<Reply> {
  const { projectId = '' } = path;
  const { datasetId } = parse(datasetBody, body).datasetReference;
  await warehouse.tables.ensureProject(projectId);
  await warehouse.tables.createDataset(projectId, datasetId);
  return ok(datasetResource(projectId, datasetId));
}

async function get({ path }: Call, { warehouse }: Backend): Promise<Reply> {
  const { projectId = '', datasetId = '' } = path;
  await requireDataset(projectId, datasetId, warehouse);
  const tables = await warehouse.tables.list(projectId);
  const changedMs = tables
    .filter((table) => table.datasetId === datasetId)
    .map((table) => warehouse.tables.lastModifiedMs(table));
  const lastModifiedTime = changedMs.length === 0 ? undefined : String(Math.max(...changedMs));
  return ok({ ...datasetResource(projectId, datasetId), lastModifiedTime });
}

async function remove({ path, query }: Call, { warehouse }: Backend): Promise<Reply> {
  const { projectId = '', datasetId = '' } = path;
  await requireDataset(projectId, datasetId, warehouse);
  const isForced = query.get('deleteContents') === 'true';
  await warehouse.tables.dropDataset(projectId, datasetId, isForced);
  return { status: 204, body: undefined };
}

function datasetResource(projectId: string, datasetId: string): object {
  return {
    kind: 'bigquery#dataset',
    id: `${projectId}:${datasetId}`,
    datasetReference: { projectId, datasetId },
    location: 'US',
  };
}
