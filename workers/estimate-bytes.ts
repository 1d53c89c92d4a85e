import { bounded } from '../shared/bounded.ts';
import type { Query } from '../shared/catalog/catalog.ts';
import { jsonFields } from '../shared/catalog/parameter-types.ts';
import type { Parameters } from '../shared/fingerprint.ts';
import { boundParameters } from './thread/bound-parameters.ts';
import { connectWarehouse, type WarehouseAddress } from './thread/connect-warehouse.ts';
import { warehouseError } from './thread/warehouse-error.ts';

const DRY_RUN_MS = 15_000;

/** What a query would process, by the warehouse's own estimate, or why it could not say. */
export type BytesEstimate =
  | { readonly ok: true; readonly bytes: number }
  | { readonly ok: false; readonly problem: string };

/** Dry-runs a query with these parameters, or with the defaults of its own and those that have none unset: it is planned, and bills nothing. */
export async function estimateBytes(
  warehouse: WarehouseAddress,
  query: Query,
  parameters: Parameters = defaultsOf(query),
): Promise<BytesEstimate> {
  try {
    const planning = connectWarehouse(warehouse).createQueryJob({
      query: query.sql,
      dryRun: true,
      ...boundParameters(query.parameterTypes, parameters),
    });
    const [job] = await bounded(planning, DRY_RUN_MS, 'the warehouse');
    return { ok: true, bytes: Number(job.metadata?.statistics?.totalBytesProcessed ?? 0) };
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
