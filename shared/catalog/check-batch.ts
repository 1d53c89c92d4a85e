import { z } from 'zod';
import type { Batch } from './catalog.ts';
import type { Shape } from './define-query.ts';
import type { ParameterType } from './parameter-types.ts';

/** Reads what a definition says of its batches. */
export const batchSchema = z.strictObject({
  by: z.string(),
  most: z.int().min(1).max(10_000).default(500),
});

/** What is wrong with the parameter that batches go by: a key is one integer or text, and is always there. */
export function* batchProblems(
  { by }: Batch,
  parameters: Shape,
  types: Readonly<Record<string, ParameterType | undefined>>,
) {
  const schema = parameters.shape[by];
  if (!schema) {
    yield `batch.by: names ${by}, which parameters does not declare`;
    return;
  }
  if (types[by] !== 'INT64' && types[by] !== 'STRING')
    yield `batch.by: ${by} is neither an integer nor a string`;
  for (const nothing of [undefined, null])
    if (z.safeParse(schema, nothing).success)
      yield `batch.by: ${by} may be ${nothing === null ? 'null' : 'left out'}, but every caller must give a key`;
}

/** The types of a query's parameters as its SQL takes them. */
export function batchTypes(
  types: Readonly<Record<string, ParameterType>>,
  batch: Batch | undefined,
): Readonly<Record<string, ParameterType>> {
  if (!batch) return types;
  const key = types[batch.by];
  return typeof key === 'string' ? { ...types, [batch.by]: [key] } : types;
}
