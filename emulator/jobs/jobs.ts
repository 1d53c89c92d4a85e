import { randomUUID } from 'node:crypto';
import { BigQueryError } from '../values/bigquery-error.ts';
import type { Job } from './job.ts';
import { perform, type Surroundings } from './perform.ts';
import type { QuerySpec } from './query-spec.ts';

/** Who the job belongs to and what it is called; ids left out are made up. */
export interface JobRequest {
  readonly projectId: string;
  readonly jobId?: string | undefined;
  readonly location?: string | undefined;
  /** A second request with the same id gets the first one's job. */
  readonly requestId?: string | undefined;
  readonly spec: QuerySpec;
}

/** How much of finished jobs is kept. */
export interface JobLimits {
  readonly maxFinished: number;
  readonly maxFinishedBytes: number;
  readonly maxAgeMs: number;
  readonly maxUnfinished: number;
}

/** The jobs that the emulator runs and remembers. */
export interface Jobs extends AsyncDisposable {
  /** Starts a job; throws a duplicate BigQueryError if its id is taken, quotaExceeded if too many are unfinished. */
  start(request: JobRequest): Job;
  /** Finds a job; throws a notFound BigQueryError. */
  find(projectId: string, jobId: string, location?: string): Job;
  /** All jobs that are remembered, newest first. */
  list(): readonly Job[];
  /** Asks the job to end; it ends with reason `stopped` soon after. */
  cancel(job: Job): void;
  /** Forgets finished jobs. */
  forgetFinished(): void;
  /** Forgets one job, whatever its state. */
  forget(job: Job): void;
}

/** Makes an empty job list. */
export function createJobs(around: Surroundings, limits: JobLimits): Jobs {
  const jobs = new Map<string, Job>();
  const byRequest = new Map<string, Job>();

  function start(request: JobRequest): Job {
    const { projectId, requestId } = request;
    const again = requestId === undefined ? undefined : byRequest.get(`${projectId} ${requestId}`);
    if (again !== undefined) return again;
    const jobId = request.jobId ?? `job_${randomUUID()}`;
    refuse(projectId, jobId, request.location ?? 'US');
    const job = newJob({ ...request, jobId }, around);
    void job.settled.then(trim);
    if (request.spec.dryRun) return job;
    jobs.set(keyOf(job), job);
    if (requestId !== undefined) byRequest.set(`${projectId} ${requestId}`, job);
    return job;
  }

  function refuse(projectId: string, jobId: string, location: string): void {
    if (jobs.has(keyOf({ projectId, jobId })))
      throw new BigQueryError('duplicate', `Already Exists: Job ${projectId}:${location}.${jobId}`);
    const unfinished = [...jobs.values()].filter(({ state }) => state.name !== 'DONE').length;
    if (unfinished >= limits.maxUnfinished)
      throw new BigQueryError(
        'quotaExceeded',
        `Quota exceeded: the emulator runs ${limits.maxUnfinished} jobs at most`,
      );
  }

  function find(projectId: string, jobId: string, location?: string): Job {
    const job = jobs.get(keyOf({ projectId, jobId }));
    const isThere =
      location === undefined || job?.location.toLowerCase() === location.toLowerCase();
    if (job !== undefined && isThere) return job;
    throw new BigQueryError('notFound', `Not found: Job ${projectId}:${location ?? 'US'}.${jobId}`);
  }

  function forget(job: Job): void {
    jobs.delete(keyOf(job));
    if (job.requestId !== undefined) byRequest.delete(`${job.projectId} ${job.requestId}`);
  }

  function finished(): Job[] {
    return [...jobs.values()].filter(({ state }) => state.name === 'DONE');
  }

  function trim(): void {
    const oldestFirst = finished();
    let bytes = oldestFirst.reduce((sum, job) => sum + keptBytes(job), 0);
    let count = oldestFirst.length;
    for (const job of oldestFirst) {
      const isOld = job.createdMs < Date.now() - limits.maxAgeMs;
      // The newest stays whatever its size: somebody is about to read it.
      const isTooMuch =
        count > limits.maxFinished || (bytes > limits.maxFinishedBytes && count > 1);
      if (!isOld && !isTooMuch) return;
      bytes -= keptBytes(job);
      count -= 1;
      forget(job);
    }
  }

  return {
    start,
    find,
    list: () => [...jobs.values()].toReversed(),
    cancel,
    forget,
    forgetFinished: () => finished().forEach(forget),
    async [Symbol.asyncDispose]() {
      const running = [...jobs.values()];
      running.forEach(cancel);
      await Promise.all(running.map(({ settled }) => settled));
    },
  };
}

function newJob(request: JobRequest & { readonly jobId: string }, around: Surroundings): Job {
  const { projectId, jobId, location = 'US', requestId, spec } = request;
  const admission = Promise.withResolvers<void>();
  const settlement = Promise.withResolvers<void>();
  const job: Job = {
    projectId,
    jobId,
    location,
    ...(requestId !== undefined && { requestId }),
    spec,
    createdMs: Date.now(),
    stop: new AbortController(),
    admitted: admission.promise,
    settled: settlement.promise,
    state: { name: 'PENDING' },
    isCancelled: false,
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

function stopLate(job: Job): void {
  const seconds = (job.spec.timeoutMs ?? 0) / 1000;
  job.stop.abort(
    new BigQueryError('stopped', `Job execution was cancelled: Job timed out after ${seconds}s`),
  );
}

function cancel(job: Job): void {
  if (job.state.name === 'DONE') return;
  job.isCancelled = true;
  job.stop.abort(
    new BigQueryError('stopped', 'Job execution was cancelled: User requested cancellation'),
  );
}

function keyOf({ projectId, jobId }: { projectId: string; jobId: string }): string {
  return `${projectId} ${jobId}`;
}

function keptBytes({ state }: Job): number {
  return state.name === 'DONE' && state.outcome.kind === 'rows' ? state.outcome.result.bytes : 0;
}
