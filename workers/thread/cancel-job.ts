import { setTimeout as pause } from 'node:timers/promises';
import type { Job } from '@google-cloud/bigquery';
import { callWarehouse } from './call-warehouse.ts';
import { ownReply } from './own-reply.ts';
import { warehouseError } from './warehouse-error.ts';

/** Between the tries of a cancel; with two calls of a second each, the whole stays below ten. */
const GAPS_MS = [100, 200, 400, 800];
const CALL_MS = 1_000;

/**
 * Cancels the job and waits until it says that it is done: true when it has, false when it may still run. An insert
 * whose answer was lost may arrive after the first cancel; with `mayArrive` a job that is not there is cancelled again.
 */
export async function cancelJob(job: Job, { mayArrive }: { mayArrive: boolean }): Promise<boolean> {
  for (const gapMs of GAPS_MS) {
    const cancel = callWarehouse(() => job.cancel(), { milliseconds: CALL_MS });
    const refusal = await cancel.then(() => undefined, warehouseError);
    if (!mayArrive && refusal?.reason === 'notFound') return true;
    // A cancel whose answer was lost may have had its effect.
    const mayBeDone = refusal === undefined || refusal.lost;
    const status = mayBeDone ? await jobState(job).catch(() => undefined) : undefined;
    if (status?.state === 'DONE') return true;
    await pause(gapMs);
  }
  return false;
}

/** What the warehouse says of the job; rejects when it says nothing within a second. */
async function jobState(job: Job): Promise<{ state?: string; errorResult?: object } | undefined> {
  const read = async () => ownReply(job, (await job.getMetadata())[0]);
  return (await callWarehouse(read, { milliseconds: CALL_MS }))?.status;
}

/** A warehouse that fails to answer may have a healthy job nevertheless; forgetting its id would mean to pay twice. */
export async function hasFailed(job: Job): Promise<boolean> {
  const status = await jobState(job).catch(() => undefined);
  return status?.state === 'DONE' && status.errorResult !== undefined;
}
