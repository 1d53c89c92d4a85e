import { z } from 'zod';
import type { QuerySpec } from '../jobs/query-spec.ts';
import { BigQueryError } from '../values/bigquery-error.ts';
import { queryParameter } from '../values/parameter.ts';
import { count, parse } from './wire.ts';

const labels = z
  .record(
    z.string().regex(/^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}$/u, 'is not a valid label key'),
    z.string().regex(/^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u, 'is not a valid label value'),
  )
  .default({});

const querySettings = z.object({
  query: z.string().min(1),
  parameterMode: z.string().optional(),
  queryParameters: z.array(queryParameter).default([]),
  defaultDataset: z.object({ projectId: z.string().optional(), datasetId: z.string() }).nullish(),
  maximumBytesBilled: count.nullish(),
  useLegacySql: z.boolean().nullish(),
  destinationTable: z.unknown().optional(),
});

const jobSettings = z.object({
  dryRun: z.boolean().nullish(),
  labels,
  jobTimeoutMs: count.nullish(),
});

const queryBody = querySettings.extend(jobSettings.shape).extend({
  timeoutMs: count.nullish(),
  maxResults: count.nullish(),
  location: z.string().nullish(),
  requestId: z.string().nullish(),
  formatOptions: z
    .object({
      useInt64Timestamp: z.boolean().nullish(),
      timestampOutputFormat: z.string().nullish(),
    })
    .nullish(),
});

const insertBody = z.object({
  jobReference: z
    .object({
      jobId: z
        .string()
        .regex(/^[\w-]{1,1024}$/, 'is not a valid job id')
        .nullish(),
      location: z.string().nullish(),
    })
    .nullish(),
  configuration: jobSettings.extend({ query: querySettings.nullish() }),
});

type Settings = z.infer<typeof querySettings> & z.infer<typeof jobSettings>;

/** Reads the body of jobs.query; throws an `invalid` BigQueryError. */
export function readQueryBody(projectId: string, body: unknown) {
  const request = parse(queryBody, body);
  const { query, parameterMode, queryParameters, labels } = request;
  const configuration = {
    jobType: 'QUERY',
    query: { query, useLegacySql: false, priority: 'INTERACTIVE', parameterMode, queryParameters },
    labels,
  };
  return { request, spec: specOf(projectId, request, configuration) };
}

/** Reads the body of jobs.insert; throws an `invalid` BigQueryError, or notImplemented for anything but a query. */
export function readInsertBody(projectId: string, body: unknown) {
  const { jobReference, configuration } = parse(insertBody, body);
  const { query } = configuration;
  if (query === undefined || query === null)
    throw new BigQueryError(
      'notImplemented',
      'Only query jobs are supported by the emulator: no load, copy and extract jobs',
    );
  const spec = specOf(
    projectId,
    { ...configuration, ...query },
    {
      ...givenConfiguration(body),
      jobType: 'QUERY',
    },
  );
  return { jobReference, spec };
}

const given = z.looseObject({ configuration: z.looseObject({}) });

function givenConfiguration(body: unknown): object {
  return given.parse(body).configuration;
}

function specOf(projectId: string, settings: Settings, configuration: object): QuerySpec {
  refuseUnsupported(settings);
  const { query, queryParameters, defaultDataset, dryRun } = settings;
  const { maximumBytesBilled, jobTimeoutMs, labels } = settings;
  return {
    sql: query,
    parameters: queryParameters,
    dryRun: dryRun ?? false,
    labels,
    configuration,
    requestBytes: JSON.stringify(configuration).length,
    ...(defaultDataset && {
      defaultDataset: {
        projectId: defaultDataset.projectId ?? projectId,
        datasetId: defaultDataset.datasetId,
      },
    }),
    ...(typeof maximumBytesBilled === 'number' && { maxBytesBilled: maximumBytesBilled }),
    ...(jobTimeoutMs && { timeoutMs: jobTimeoutMs }),
  };
}

function refuseUnsupported({ useLegacySql, destinationTable }: Settings): void {
  if (useLegacySql === true)
    throw new BigQueryError('notImplemented', 'Legacy SQL is not supported by the emulator');
  if (destinationTable !== undefined && destinationTable !== null)
    throw new BigQueryError(
      'notImplemented',
      'A destinationTable is not supported by the emulator: use CREATE TABLE AS SELECT',
    );
}
