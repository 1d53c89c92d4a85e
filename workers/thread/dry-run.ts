import type { BigQuery } from '@google-cloud/bigquery';
import { z } from 'zod';
import type { Query } from '../../shared/catalog/catalog.ts';
import { jsonFields } from '../../shared/catalog/parameter-types.ts';
import type { Parameters } from '../../shared/fingerprint.ts';
import { boundParameters } from './bound-parameters.ts';
import { callWarehouse } from './call-warehouse.ts';
import { ForeignReply } from './own-reply.ts';
import { warehouseError } from './warehouse-error.ts';

const DRY_RUN_MS = 10_000;

/** What a query would process and what it reads, by the warehouse's own word, or why it could not say. */
export type DryRun =
  | {
      readonly ok: true;
      readonly bytes: number;
      /** Each `project.dataset.table`; a stored function is `routine:project.dataset.name`. */
      readonly reads: readonly string[];
    }
  | { readonly ok: false; readonly problem: string };

const tableReference = z.object({
  projectId: z.string(),
  datasetId: z.string(),
  tableId: z.string(),
});
const routineReference = z.object({
  projectId: z.string(),
  datasetId: z.string(),
  routineId: z.string(),
});
/** The parts of a dry run's reply that are looked at; a query that reads nothing has no list at all. */
const plannedJob = z.object({
  configuration: z.object({ dryRun: z.literal(true), query: z.object({ query: z.string() }) }),
  statistics: z.object({
    totalBytesProcessed: z.coerce.number(),
    query: z.object({
      referencedTables: z.array(tableReference).default([]),
      referencedRoutines: z.array(routineReference).default([]),
    }),
  }),
});

/**
 * Dry-runs a query with these parameters, or with the defaults of its own and those that have none unset: it is planned, and
 * bills nothing. Never rejects.
 */
export async function dryRun(
  client: BigQuery,
  query: Query,
  parameters: Parameters = defaultsOf(query),
): Promise<DryRun> {
  const plan = async () => {
    const [job] = await client.createQueryJob({
      query: query.sql,
      dryRun: true,
      ...boundParameters(query.parameterTypes, parameters),
    });
    return ownPlan(job.metadata, query);
  };
  try {
    const { statistics } = await callWarehouse(plan, { milliseconds: DRY_RUN_MS });
    const { referencedTables, referencedRoutines } = statistics.query;
    const tables = referencedTables.map((of) => `${of.projectId}.${of.datasetId}.${of.tableId}`);
    const routines = referencedRoutines.map(
      (of) => `routine:${of.projectId}.${of.datasetId}.${of.routineId}`,
    );
    return { ok: true, bytes: statistics.totalBytesProcessed, reads: [...tables, ...routines] };
  } catch (error) {
    return { ok: false, problem: warehouseError(error).detail };
  }
}

/** Without its LIMIT, a query may be planned to read nothing. */
function defaultsOf({ parameters }: Query): Parameters {
  const fields = Object.entries(jsonFields(parameters, 'output'));
  return Object.fromEntries(
    fields.map(([name, field]) => [name, field.default ?? null]),
  ) as Parameters;
}

/** A dry run has no job id of its own: what tells its reply from another's is the text that it was asked about. */
function ownPlan(reply: unknown, query: Query): z.output<typeof plannedJob> {
  const parsed = plannedJob.safeParse(reply);
  if (!parsed.success) throw new Error('the warehouse gave a reply without a plan');
  if (parsed.data.configuration.query.query !== query.sql)
    throw new ForeignReply('another query', query.name);
  return parsed.data;
}
