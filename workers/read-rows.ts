import { randomUUID } from 'node:crypto';
import type { BigQuery } from '@google-cloud/bigquery';
import { z } from 'zod';
import type { Query } from '../shared/catalog/catalog.ts';
import { epochOf, monotonicClock } from '../shared/clock.ts';
import type { Parameters } from '../shared/fingerprint.ts';
import { cancelJob } from './thread/cancel-job.ts';
import { collectRows } from './thread/collect-rows.ts';
import { connectWarehouse, type WarehouseAddress } from './thread/connect-warehouse.ts';
import { warehouseError } from './thread/warehouse-error.ts';
import { awaitFirstPage, type Field, jobNamed, startJob } from './thread/warehouse-job.ts';

/** A column as the warehouse names and types it. */
export interface WarehouseColumn {
  readonly name: string;
  readonly type: string;
}

/** What a query's SQL gives, or why it gave nothing. */
export type RowsRead =
  | {
      readonly ok: true;
      readonly columns: readonly WarehouseColumn[];
      readonly rows: readonly object[];
      readonly tookMs: number;
    }
  | { readonly ok: false; readonly problem: string };

/**
 * Runs a query's SQL within its byte cap and its time, and gives the rows as the warehouse has them: all columns, whole
 * numbers and decimals as their digits, unchecked, before the transform. Stores nothing. Never rejects.
 */
export async function readRows(
  warehouse: WarehouseAddress,
  query: Query,
  parameters: Parameters,
): Promise<RowsRead> {
  const client = connectWarehouse(warehouse);
  const warehouseJobId = `punctual-diff-${query.name}-${randomUUID()}`;
  const budgetMs = query.policy.timeoutMs + query.policy.harvestForMs;
  const signal = AbortSignal.timeout(budgetMs);
  const startedMs = performance.now();
  try {
    const read = await runJob(client, query, { parameters, warehouseJobId, budgetMs }, signal);
    return read.ok ? { ...read, tookMs: performance.now() - startedMs } : read;
  } catch (error) {
    await cancelJob(jobNamed(client, warehouseJobId), { mayArrive: signal.aborted });
    const problem = signal.aborted
      ? `no result within ${budgetMs / 1_000} s`
      : warehouseError(error).detail;
    return { ok: false, problem };
  }
}

interface Job {
  readonly parameters: Parameters;
  readonly warehouseJobId: string;
  readonly budgetMs: number;
}

async function runJob(client: BigQuery, query: Query, job: Job, signal: AbortSignal) {
  const task = { ...job, query: query.name, epochMs: epochOf(monotonicClock) };
  const started = await startJob(client, query, task, signal);
  const first = await awaitFirstPage(started.job, signal);
  const asTheyAre = { ...query, row: anyRow(first.fields), transform: undefined };
  const collected = await collectRows(started.job, first, asTheyAre, job.parameters, signal);
  if (!collected.ok) return { ok: false, problem: collected.detail } as const;
  return { ok: true, columns: first.fields.map(columnOf), rows: collected.rows } as const;
}

/** Takes everything, and is read as a declaration of text, which keeps all digits. */
function anyRow(fields: readonly Field[]): Query['row'] {
  const anything = z.any().meta({ type: 'string', items: { type: 'string' } });
  return z.object(Object.fromEntries(fields.map(({ name }) => [name, anything])));
}

function columnOf({ name, type, mode }: Field): WarehouseColumn {
  return { name, type: mode === 'REPEATED' ? `ARRAY<${type}>` : type };
}
