import { z } from 'zod';
import { errorOf, type Job } from '../jobs/job.ts';
import { cancelJob } from '../jobs/new-job.ts';
import type { BigQueryError } from '../values/bigquery-error.ts';
import type { Backend, Call, Reply, Route } from './call.ts';
import { ok } from './call.ts';
import { jobResource, listedJob } from './job-resource.ts';
import { listPage } from './list-page.ts';
import { readInsertBody } from './query-body.ts';
import { waitUntil } from './wait.ts';
import { count, parseQuery } from './wire.ts';

/** jobs.insert, get, list, cancel and delete. */
export const jobRoutes: readonly Route[] = [
  { method: 'POST', path: '/projects/:projectId/jobs', faultRoute: 'insert', answer: insert },
  { method: 'GET', path: '/projects/:projectId/jobs', answer: list },
  { method: 'GET', path: '/projects/:projectId/jobs/:jobId', faultRoute: 'get', answer: get },
  {
    method: 'POST',
    path: '/projects/:projectId/jobs/:jobId/cancel',
    faultRoute: 'cancel',
    answer: cancel,
  },
  { method: 'DELETE', path: '/projects/:projectId/jobs/:jobId/delete', answer: remove },
];

// An invalid query is told at once if that is found out at once; a busy emulator tells it with the job instead.
const maxAdmissionMs = 1000;

async function insert({ path, body, left }: Call, { jobs }: Backend): Promise<Reply> {
  const { projectId = '' } = path;
  const { jobReference, spec } = readInsertBody(projectId, body);
  const job = jobs.start({
    projectId,
    jobId: jobReference?.jobId ?? undefined,
    location: jobReference?.location ?? undefined,
    spec,
  });
  await (spec.dryRun ? job.settled : waitUntil(job.admitted, maxAdmissionMs, left));
  const error = errorOf(job);
  if (error !== undefined && wasRefused(job, error)) throw error;
  if (spec.dryRun) return ok(jobResource(job));
  // BigQuery's insert answers before the job is done; the official client takes a failed state here for a failed insert.
  return ok({ ...jobResource(job), status: { state: 'RUNNING' } });
}

// Only what was wrong with the query from the start is the insert's error; what befell the job later is told with the job.
function wasRefused({ analysis }: Job, { reason }: BigQueryError): boolean {
  return reason === 'bytesBilledLimitExceeded' || (analysis === undefined && reason !== 'stopped');
}

function get(call: Call, backend: Backend): Reply {
  return ok(jobResource(findJob(call, backend)));
}

function cancel(call: Call, backend: Backend): Reply {
  const job = findJob(call, backend);
  cancelJob(job);
  return ok({ kind: 'bigquery#jobCancelResponse', job: jobResource(job) });
}

function remove(call: Call, backend: Backend): Reply {
  const job = findJob(call, backend);
  cancelJob(job);
  backend.jobs.forget(job);
  return { status: 204, body: undefined };
}

function findJob({ path, query }: Call, { jobs }: Backend): Job {
  return jobs.find(
    path['projectId'] ?? '',
    path['jobId'] ?? '',
    query.get('location') ?? undefined,
  );
}

const listQuery = z.object({
  stateFilter: z.string().optional(),
  minCreationTime: count.optional(),
  maxCreationTime: count.optional(),
});

function list({ path, query }: Call, { jobs }: Backend): Reply {
  const wanted = parseQuery(listQuery, query);
  const states = query.getAll('stateFilter').map((state) => state.toUpperCase());
  const matching = jobs
    .list()
    .filter(
      ({ projectId, state, createdMs }) =>
        projectId === path['projectId'] &&
        (states.length === 0 || states.includes(state.name)) &&
        createdMs >= (wanted.minCreationTime ?? 0) &&
        createdMs <= (wanted.maxCreationTime ?? Number.POSITIVE_INFINITY),
    );
  const { items, nextPageToken } = listPage(matching, query);
  return ok({
    kind: 'bigquery#jobList',
    jobs: items.map(listedJob),
    ...(nextPageToken !== undefined && { nextPageToken }),
  });
}
