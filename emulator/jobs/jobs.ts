import { randomUUID } from 'node:crypto';
import { BigQueryError } from '../values/bigquery-error.ts';
import type { Job } from './job.ts';
import { cancelJob, newJob } from './new-job.ts';
import type { Surroundings } from './perform.ts';
import type { QuerySpec } from './query-spec.ts';

/** A job to start; ids left out are made up. */
export interface JobRequest {
  readonly projectId: string;
  readonly jobId?: string | undefined;
  readonly location?: string | undefined;
  /** A second request of a project with the same id gets the first one's job. */
  readonly requestId?: string | undefined;
  readonly spec: QuerySpec;
}

/** How many jobs may be unfinished, and how much of finished ones is kept. */
export interface JobLimits {
  readonly maxUnfinished: number;
  readonly maxFinished: number;
  readonly maxFinishedBytes: number;
  readonly maxAgeMs: number;
}

/** The jobs that the emulator runs and remembers, in order of creation. */
export class Jobs implements AsyncDisposable {
  readonly #around: Surroundings;
  readonly #limits: JobLimits;
  readonly #jobs = new Map<string, Job>();
  readonly #byRequest = new Map<string, Job>();

  constructor(around: Surroundings, limits: JobLimits) {
    this.#around = around;
    this.#limits = limits;
  }

  /** Starts a job; throws a BigQueryError: duplicate if its id is taken, quotaExceeded if too many are unfinished. */
  start({ projectId, jobId, location = 'US', requestId, spec }: JobRequest): Job {
    const again = requestId && this.#byRequest.get(`${projectId} ${requestId}`);
    if (again) return again;
    const identity = { projectId, jobId: jobId ?? `job_${randomUUID()}`, location, requestId };
    this.#refuseTaken(identity);
    this.#refuseTooMany();
    const job = newJob(identity, spec, this.#around);
    if (!spec.dryRun) this.#remember(job);
    return job;
  }

  /** Finds a job by its id and, if given, location; throws a notFound BigQueryError. */
  find(projectId: string, jobId: string, location?: string): Job {
    const job = this.#jobs.get(keyOf({ projectId, jobId }));
    const isThere =
      location === undefined || job?.location.toLowerCase() === location.toLowerCase();
    if (job !== undefined && isThere) return job;
    throw new BigQueryError('notFound', `Not found: Job ${projectId}:${location ?? 'US'}.${jobId}`);
  }

  /** Finds the job that an id names, if there is one. */
  peek(projectId: string, jobId: string): Job | undefined {
    return this.#jobs.get(keyOf({ projectId, jobId }));
  }

  /** All jobs that are remembered, newest first. */
  list(): readonly Job[] {
    return [...this.#jobs.values()].toReversed();
  }

  /** Forgets one job, whatever its state. */
  forget(job: Job): void {
    this.#jobs.delete(keyOf(job));
    if (job.requestId !== undefined) this.#byRequest.delete(`${job.projectId} ${job.requestId}`);
  }

  /** Forgets all finished jobs. */
  forgetFinished(): void {
    for (const job of this.#finished()) this.forget(job);
  }

  /** Cancels what still runs and waits until it has ended. */
  async [Symbol.asyncDispose](): Promise<void> {
    const all = [...this.#jobs.values()];
    for (const job of all) cancelJob(job);
    await Promise.all(all.map(({ settled }) => settled));
  }

  #remember(job: Job): void {
    this.#jobs.set(keyOf(job), job);
    if (job.requestId !== undefined) this.#byRequest.set(`${job.projectId} ${job.requestId}`, job);
    void job.settled.then(() => this.#trim());
  }

  #refuseTaken(identity: { projectId: string; jobId: string; location: string }): void {
    const { projectId, jobId, location } = identity;
    if (this.#jobs.has(keyOf(identity)))
      throw new BigQueryError('duplicate', `Already Exists: Job ${projectId}:${location}.${jobId}`);
  }

  #refuseTooMany(): void {
    if (this.#jobs.size - this.#finished().length < this.#limits.maxUnfinished) return;
    throw new BigQueryError(
      'quotaExceeded',
      `Quota exceeded: the emulator runs ${this.#limits.maxUnfinished} jobs at a time at most`,
    );
  }

  #finished(): readonly Job[] {
    return [...this.#jobs.values()].filter(({ state }) => state.name === 'DONE');
  }

  #trim(): void {
    const { maxFinished, maxFinishedBytes, maxAgeMs } = this.#limits;
    const oldestFirst = this.#finished();
    let count = oldestFirst.length;
    let bytes = oldestFirst.reduce((sum, job) => sum + keptBytes(job), 0);
    for (const job of oldestFirst) {
      const isOld = job.createdMs < Date.now() - maxAgeMs;
      // The last one stays whatever its size: somebody is about to read it.
      const isTooMuch = count > maxFinished || (bytes > maxFinishedBytes && count > 1);
      if (!isOld && !isTooMuch) return;
      count -= 1;
      bytes -= keptBytes(job);
      this.forget(job);
    }
  }
}

function keyOf({ projectId, jobId }: { projectId: string; jobId: string }): string {
  return `${projectId} ${jobId}`;
}

function keptBytes({ state, spec }: Job): number {
  const isRows = state.name === 'DONE' && state.outcome.kind === 'rows';
  return spec.requestBytes + (isRows ? state.outcome.result.bytes : 0);
}
