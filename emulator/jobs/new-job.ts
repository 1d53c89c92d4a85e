import { BigQueryError } from '../values/bigquery-error.ts';
import type { Job } from './job.ts';
import { perform, type Surroundings } from './perform.ts';
import type { QuerySpec } from './query-spec.ts';

/** Who a job belongs to and what it is called. */
export interface JobIdentity {
  readonly projectId: string;
  readonly jobId: string;
  readonly location: string;
  readonly requestId?: string | undefined;
}

/** Makes a job and sets it going; it is stopped when it takes longer than its `timeoutMs`. */
export function newJob(identity: JobIdentity, spec: QuerySpec, around: Surroundings): Job {
  const admission = Promise.withResolvers<void>();
  const settlement = Promise.withResolvers<void>();
  const job: Job = {
    ...identity,
    spec,
    createdMs: Date.now(),
    stop: new AbortController(),
    admitted: admission.promise,
    settled: settlement.promise,
    state: { name: 'PENDING' },
    isCancelled: false,
    calls: {},
  };
  const alarm =
    spec.timeoutMs === undefined ? undefined : setTimeout(() => stopLate(job), spec.timeoutMs);
  void perform(job, around, admission.resolve).then(() => {
    clearTimeout(alarm);
    admission.resolve();
    settlement.resolve();
  });
  return job;
}

/** Asks a job to end; it ends with reason `stopped` soon after. A finished job stays as it is. */
export function cancelJob(job: Job): void {
  if (job.state.name === 'DONE') return;
  job.isCancelled = true;
  job.stop.abort(
    new BigQueryError('stopped', 'Job execution was cancelled: User requested cancellation'),
  );
}

function stopLate(job: Job): void {
  const seconds = (job.spec.timeoutMs ?? 0) / 1000;
  job.stop.abort(
    new BigQueryError('stopped', `Job execution was cancelled: Job timed out after ${seconds}s`),
  );
}
