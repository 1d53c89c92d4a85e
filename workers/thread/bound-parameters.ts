import { BigQuery } from '@google-cloud/bigquery';
import type { ParameterType } from '../../shared/catalog/parameter-types.ts';
import type { Parameters, ParameterValue } from '../../shared/fingerprint.ts';

/**
 * A query's parameters as the BigQuery client takes them: every declared one with its type. One that is not given is NULL,
 * or empty if it is an array, for which the client has no NULL; one value for an array is an array of that value.
 */
export function boundParameters(types: Readonly<Record<string, ParameterType>>, given: Parameters) {
  const params = Object.fromEntries(
    Object.entries(types).map(([name, type]) => [name, boundValue(type, given[name] ?? null)]),
  );
  // The client trips over an empty list of parameters.
  if (Object.keys(params).length === 0) return {};
  return { params, types: types as Record<string, string | string[]> };
}

/** The client reads `.value` of whatever is typed as a day or an instant, and would send NULL for plain text. */
function boundValue(type: ParameterType, value: ParameterValue): unknown {
  if (typeof type !== 'string') return listOf(value).map((item) => boundValue(type[0], item));
  if (typeof value !== 'string') return value;
  if (type === 'DATE') return BigQuery.date(value);
  return type === 'TIMESTAMP' ? BigQuery.timestamp(value) : value;
}

function listOf(value: ParameterValue): readonly ParameterValue[] {
  if (value === null) return [];
  return Array.isArray(value) ? value : [value];
}
