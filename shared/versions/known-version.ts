import { z } from 'zod';
import type { Query } from '../catalog/catalog.ts';
import { type JsonField, jsonFields, type ParameterType } from '../catalog/parameter-types.ts';

/** A version of a query as the fleet knows it: enough to find its entries, and to tell whether they may still be given. */
export interface KnownVersion {
  readonly version: string;
  readonly rowShape: string;
  readonly parametersShape: string;
  /** When a process registered it first, milliseconds since the epoch by the clock of the queue role. */
  readonly firstSeenAt: number;
}

/** What a version asks the warehouse, and in which types: enough to ask it once more. Its transform is not in it. */
export interface VersionText {
  readonly sql: string;
  readonly parameterTypes: Readonly<Record<string, ParameterType>>;
  readonly parameters: Readonly<Record<string, JsonField>>;
  readonly row: Readonly<Record<string, JsonField>>;
}

const fields = z.record(z.string(), z.custom<JsonField>(isField));
const scalarType = z.enum(['INT64', 'FLOAT64', 'STRING', 'BOOL', 'DATE', 'TIMESTAMP']);

/** Versions of one query, as they come over a wire. */
export const knownVersionsSchema = z.array(
  z.object({
    version: z.string(),
    rowShape: z.string(),
    parametersShape: z.string(),
    firstSeenAt: z.number(),
  }),
);

/** A {@link VersionText}, as it comes over a wire. */
export const versionTextSchema = z.object({
  sql: z.string(),
  parameterTypes: z.record(
    z.string(),
    z.union([scalarType, z.tuple([scalarType])]) satisfies z.ZodType<ParameterType>,
  ),
  parameters: fields,
  row: fields,
});

/** The text of a query's own version. */
export function textOf({ sql, parameterTypes, parameters, row }: Query): VersionText {
  return {
    sql,
    parameterTypes,
    parameters: jsonFields(parameters, 'output'),
    row: jsonFields(row, 'output'),
  };
}

function isField(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
