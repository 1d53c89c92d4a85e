import { errorOf, type Job } from '../jobs/job.ts';
import { errorProto } from '../values/bigquery-error.ts';
import { jobStatistics } from './job-statistics.ts';

/** A job as jobs.get gives it. */
export function jobResource(job: Job): object {
  const { projectId, location, jobId } = job;
  return {
    kind: 'bigquery#job',
    id: `${projectId}:${location}.${jobId}`,
    selfLink: `/bigquery/v2/projects/${projectId}/jobs/${jobId}?location=${location}`,
    user_email: 'emulator@localhost',
    jobReference: jobReference(job),
    configuration: { ...job.spec.configuration, ...(job.spec.dryRun && { dryRun: true }) },
    status: jobStatus(job),
    statistics: jobStatistics(job),
  };
}

/** A job as jobs.list gives it: its state also at the top. */
export function listedJob(job: Job): object {
  const error = errorOf(job);
  return {
    ...jobResource(job),
    state: job.state.name,
    ...(error !== undefined && { errorResult: errorProto(error) }),
  };
}

/** What a job is found by. */
export function jobReference({ projectId, jobId, location }: Job): object {
  return { projectId, jobId, location };
}

function jobStatus(job: Job): object {
  const error = errorOf(job);
  if (error === undefined) return { state: job.state.name };
  return { state: job.state.name, errorResult: errorProto(error), errors: [errorProto(error)] };
}
