import { z } from 'zod';
import type { Job } from '../jobs/job.ts';
import type { Backend, Call, Reply, Route } from './call.ts';
import { ok } from './call.ts';
import { readQueryBody } from './query-body.ts';
import { resultPage, startOfPage } from './result-page.ts';
import { timestampFormat } from './timestamp-format.ts';
import { waitForEnd } from './wait.ts';
import { count, flag, parseQuery } from './wire.ts';

/** jobs.query and jobs.getQueryResults. */
export const queryRoutes: readonly Route[] = [
  { method: 'POST', path: '/projects/:projectId/queries', faultRoute: 'query', answer: query },
  {
    method: 'GET',
    path: '/projects/:projectId/queries/:jobId',
    faultRoute: 'results',
    answer: queryResults,
  },
];

async function query({ path, body, left }: Call, { jobs }: Backend): Promise<Reply> {
  const { projectId = '' } = path;
  const { request, spec } = readQueryBody(projectId, body);
  const job = jobs.start({
    projectId,
    location: request.location ?? undefined,
    requestId: request.requestId ?? undefined,
    spec,
  });
  await waitForEnd(job, spec.dryRun ? undefined : request.timeoutMs, left);
  return page(job, {
    kind: 'bigquery#queryResponse',
    maxResults: request.maxResults,
    timestamps: timestampFormat(request.formatOptions ?? {}),
  });
}

const resultsQuery = z.object({
  location: z.string().optional(),
  maxResults: count.optional(),
  startIndex: count.optional(),
  pageToken: z.string().optional(),
  timeoutMs: count.optional(),
  'formatOptions.useInt64Timestamp': flag.optional(),
  'formatOptions.timestampOutputFormat': z.string().optional(),
});

async function queryResults({ path, query, left }: Call, { jobs }: Backend): Promise<Reply> {
  const wanted = parseQuery(resultsQuery, query);
  const job = jobs.find(path['projectId'] ?? '', path['jobId'] ?? '', wanted.location);
  await waitForEnd(job, wanted.timeoutMs, left);
  return page(job, {
    kind: 'bigquery#getQueryResultsResponse',
    startIndex: wanted.pageToken === undefined ? wanted.startIndex : startOfPage(wanted.pageToken),
    maxResults: wanted.maxResults,
    timestamps: timestampFormat({
      useInt64Timestamp: wanted['formatOptions.useInt64Timestamp'],
      timestampOutputFormat: wanted['formatOptions.timestampOutputFormat'],
    }),
  });
}

function page(job: Job, request: Parameters<typeof resultPage>[1]): Reply {
  return ok(resultPage(job, request));
}
