import { z } from 'zod';
import { BigQueryError } from '../values/bigquery-error.ts';

/** A non-negative int64 as JSON carries it: a number or its digits in a string. */
export const count = z
  .union([z.int().nonnegative(), z.string().regex(/^\d{1,15}$/)])
  .transform(Number);

/** A boolean in a URL. */
export const flag = z.enum(['true', 'false']).transform((text) => text === 'true');

/** Parses a part of a request; throws an `invalid` BigQueryError that names everything that is wrong with it. */
export function parse<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.map(String).join('.')}: ${message}`,
  );
  throw new BigQueryError('invalid', `Invalid value at ${problems.join('; ')}`);
}

/** Parses the parameters of a URL; a parameter given twice counts as its last. */
export function parseQuery<T extends z.ZodType>(schema: T, query: URLSearchParams): z.output<T> {
  return parse(schema, Object.fromEntries(query));
}
