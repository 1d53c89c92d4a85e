import { z } from 'zod';
import type { Shape } from './define-query.ts';

/** BigQuery's types that a query parameter may have. */
export type ScalarType = 'INT64' | 'FLOAT64' | 'STRING' | 'BOOL' | 'DATE' | 'TIMESTAMP';
/** A parameter's type as the BigQuery client takes it: a scalar, or an array of one. */
export type ParameterType = ScalarType | readonly [ScalarType];

/** A field of a schema, as JSON Schema (draft 2020-12) says it. */
export interface JsonField {
  readonly type?: string;
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly items?: JsonField;
  readonly anyOf?: readonly JsonField[];
  readonly default?: unknown;
}

type Fields = Readonly<Record<string, JsonField>>;

const known = { input: new WeakMap<Shape, Fields>(), output: new WeakMap<Shape, Fields>() };

/** The fields of a schema by name, as JSON Schema; worked out once for each schema, because every request asks. */
export function jsonFields(schema: Shape, io: 'input' | 'output'): Fields {
  const fields = known[io].get(schema) ?? describeFields(schema, io);
  known[io].set(schema, fields);
  return fields;
}

function describeFields(schema: Shape, io: 'input' | 'output'): Fields {
  const json = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  const fields = Object.entries((json.properties ?? {}) as Record<string, WrittenField>);
  return Object.fromEntries(fields.map(([name, field]) => [name, withOneType(field)]));
}

/** A field as zod writes it: a nullable one has two types, or alternatives, depending on what else it says. */
type WrittenField = Omit<JsonField, 'type'> & { readonly type?: string | readonly string[] };

function withOneType({ type, ...field }: WrittenField): JsonField {
  if (type === undefined) return field;
  if (typeof type === 'string') return { ...field, type };
  return {
    ...field,
    anyOf: type.map((one) => (one === 'null' ? { type: one } : { ...field, type: one })),
  };
}

/** The BigQuery type of every parameter, or undefined for those that have none. */
export function parameterTypes(schema: Shape): Record<string, ParameterType | undefined> {
  const fields = Object.entries(jsonFields(schema, 'output'));
  return Object.fromEntries(fields.map(([name, field]) => [name, parameterType(field)]));
}

function parameterType(field: JsonField): ParameterType | undefined {
  const item = field.type === 'array' && field.items ? scalarType(field.items) : undefined;
  return item ? [item] : scalarType(field);
}

function scalarType(field: JsonField): ScalarType | undefined {
  const named = field.anyOf?.filter((alternative) => alternative.type !== 'null');
  if (named) return named.length === 1 && named[0] ? scalarType(named[0]) : undefined;
  if (field.enum?.every((value) => typeof value === 'string')) return 'STRING';
  switch (field.type) {
    case 'integer':
      return 'INT64';
    case 'number':
      return 'FLOAT64';
    case 'boolean':
      return 'BOOL';
    case 'string':
      return field.format === 'date'
        ? 'DATE'
        : field.format === 'date-time'
          ? 'TIMESTAMP'
          : 'STRING';
    default:
      return undefined;
  }
}
