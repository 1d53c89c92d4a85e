import type { BigQuery } from '@google-cloud/bigquery';
import { z } from 'zod';
import { callWarehouse } from './call-warehouse.ts';
import { ForeignReply } from './own-reply.ts';
import { warehouseError } from './warehouse-error.ts';

const LOOK_MS = 5_000;

/** How a table stands in the warehouse. */
export type TableLook =
  /** `modified` is when it last changed, as the warehouse writes it. A `streaming` one takes in rows that do not move it yet. */
  | { readonly kind: 'table'; readonly modified: string; readonly streaming: boolean }
  /** A view, an external table and the like: it can change without any sign of it. */
  | { readonly kind: 'unwatchable'; readonly type: string }
  | { readonly kind: 'unreadable'; readonly problem: string };

/**
 * Of the views that BigQuery knows of a table (tables.get, TableMetadataView) BASIC leaves `lastModifiedTime` out. What
 * STORAGE_STATS adds is kept by BigQuery anyway: nothing is scanned or billed, and `fields` keeps the reply small.
 */
const METADATA = {
  view: 'STORAGE_STATS',
  fields: 'tableReference,type,lastModifiedTime,streamingBuffer',
};

/** A snapshot never changes, but another may be put in its place. A materialized view is read together with what its base tables hold beyond it. */
const WATCHED_TYPES = new Set(['TABLE', 'SNAPSHOT']);

const tableResource = z.object({
  tableReference: z.object({
    projectId: z.string(),
    datasetId: z.string(),
    tableId: z.string(),
  }),
  type: z.string(),
  lastModifiedTime: z.string().regex(/^\d+$/).optional(),
  streamingBuffer: z.looseObject({}).nullish(),
});

/** Reads how a table, `project.dataset.table`, stands: its description alone, never its rows. Never rejects. */
export async function lookAtTable(client: BigQuery, table: string): Promise<TableLook> {
  const path = /^(?<projectId>.+)\.(?<datasetId>[^.]+)\.(?<tableId>[^.]+)$/.exec(table)?.groups;
  const { projectId = '', datasetId = '', tableId = '' } = path ?? {};
  const read = async () => {
    const named = client.dataset(datasetId, { projectId }).table(tableId);
    return ownTable(table, (await named.getMetadata(METADATA))[0]);
  };
  try {
    return await callWarehouse(read, { milliseconds: LOOK_MS });
  } catch (error) {
    return { kind: 'unreadable', problem: warehouseError(error).detail };
  }
}

function ownTable(asked: string, reply: unknown): TableLook {
  const parsed = tableResource.safeParse(reply);
  if (!parsed.success) throw new Error('the warehouse gave a reply that describes no table');
  const { tableReference: of, type, lastModifiedTime, streamingBuffer } = parsed.data;
  const told = `${of.projectId}.${of.datasetId}.${of.tableId}`;
  if (told !== asked) throw new ForeignReply(told, asked);
  if (!WATCHED_TYPES.has(type)) return { kind: 'unwatchable', type };
  if (lastModifiedTime === undefined) throw new Error('the warehouse gave no lastModifiedTime');
  return { kind: 'table', modified: lastModifiedTime, streaming: Boolean(streamingBuffer) };
}
