import {
  type DuckDBType,
  type DuckDBValue,
  LIST,
  listValue,
  STRUCT,
  structValue,
} from '@duckdb/node-api';
import { z } from 'zod';
import { BigQueryError } from './bigquery-error.ts';
import { type Bound, scalarParameter } from './scalar-parameter.ts';

/** A parameter's type on the wire (`QueryParameterType`). */
interface ParameterType {
  readonly type: string;
  readonly arrayType?: ParameterType | undefined;
  readonly structTypes?:
    | readonly { readonly name?: string | undefined; readonly type: ParameterType }[]
    | undefined;
}

/** A parameter's value on the wire (`QueryParameterValue`). */
interface ParameterValue {
  readonly value?: string | number | boolean | null | undefined;
  readonly arrayValues?: readonly ParameterValue[] | null | undefined;
  readonly structValues?: Readonly<Record<string, ParameterValue>> | null | undefined;
}

const parameterType: z.ZodType<ParameterType> = z.lazy(() =>
  z.object({
    type: z.string(),
    arrayType: parameterType.optional(),
    structTypes: z.array(z.object({ name: z.string().optional(), type: parameterType })).optional(),
  }),
);

const parameterValue: z.ZodType<ParameterValue> = z.lazy(() =>
  z.object({
    value: z.union([z.string(), z.number(), z.boolean()]).nullish(),
    arrayValues: z.array(parameterValue).nullish(),
    structValues: z.record(z.string(), parameterValue).nullish(),
  }),
);

/** One entry of `queryParameters`, as the official client sends it. */
export const queryParameter = z.object({
  name: z.string().nullish(),
  parameterType,
  parameterValue: parameterValue.default({}),
});

export type QueryParameter = z.infer<typeof queryParameter>;

/** Turns a wire parameter into a DuckDB value and type; throws a BigQueryError that names the parameter if it cannot. */
export function boundParameter(name: string, parameter: QueryParameter): Bound {
  return bound(name, parameter.parameterType, parameter.parameterValue);
}

function bound(name: string, type: ParameterType, value: ParameterValue): Bound {
  switch (type.type.toUpperCase()) {
    case 'ARRAY':
      return boundArray(name, type, value);
    case 'STRUCT':
    case 'RECORD':
      return boundStruct(name, type, value);
    default:
      return scalarParameter(name, type.type, value.value);
  }
}

function boundArray(name: string, type: ParameterType, value: ParameterValue): Bound {
  const element = type.arrayType;
  if (element === undefined) throw incomplete(name, 'an ARRAY parameter needs arrayType');
  const elementType = bound(name, element, {}).type;
  const items = value.arrayValues?.map((item) => bound(name, element, item));
  // DuckDB gives all elements one scale: a BIGNUMERIC with more digits than the type's 9 has no place among others.
  if (items?.some(({ type }) => String(type) !== String(elementType)))
    throw incomplete(name, 'BIGNUMERIC elements of an ARRAY may have 9 decimal digits at most');
  const list = items?.map(({ value }) => value);
  return { value: list === undefined ? null : listValue(list), type: LIST(elementType) };
}

function boundStruct(name: string, type: ParameterType, value: ParameterValue): Bound {
  if (type.structTypes === undefined || type.structTypes.length === 0)
    throw incomplete(name, 'a STRUCT parameter needs structTypes');
  const values: Record<string, DuckDBValue> = {};
  const types: Record<string, DuckDBType> = {};
  for (const [i, { name: fieldName, type: fieldType }] of type.structTypes.entries()) {
    const key = fieldName ?? `_field_${i + 1}`;
    const field = bound(`${name}.${key}`, fieldType, value.structValues?.[key] ?? {});
    values[key] = field.value;
    types[key] = field.type;
  }
  return {
    value: value.structValues ? structValue(values) : null,
    type: STRUCT(types),
  };
}

function incomplete(name: string, what: string): BigQueryError {
  return new BigQueryError('invalid', `Invalid query parameter ${name}: ${what}`);
}
