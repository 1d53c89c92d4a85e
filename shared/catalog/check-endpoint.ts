import { z } from 'zod';
import { describeIssue } from './check-query.ts';
import type { EndpointDefinition } from './define-endpoint.ts';
import { jsonFields } from './parameter-types.ts';

const definitionSchema = z.strictObject({
  path: z.string().regex(/^(\/[a-z0-9-]+)+$/, 'expected a path such as /home/recommendations'),
  summary: z.string().min(1),
  parameters: z.custom((value) => value instanceof z.ZodObject, 'expected a z.object({ … })'),
  parts: z
    .record(
      z.string(),
      z.custom((value) => typeof value === 'function', 'expected a function'),
    )
    .refine((parts) => Object.keys(parts).length > 0, 'expected at least one part'),
  page: z.strictObject({ part: z.string() }).optional(),
});

/** A checked endpoint, or every problem that it has by itself. */
export type CheckedEndpoint =
  | { readonly ok: true; readonly endpoint: EndpointDefinition }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Checks what an endpoint file exports. Which queries its parts ask shows only when they are asked. */
export function checkEndpoint(exported: unknown): CheckedEndpoint {
  const parsed = definitionSchema.safeParse(exported);
  if (!parsed.success) return { ok: false, problems: parsed.error.issues.map(describeIssue) };
  const definition = exported as EndpointDefinition;
  const problems = [...pageProblems(definition)];
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, endpoint: { ...definition, parameters: definition.parameters.strict() } };
}

function* pageProblems({ page, parts, parameters }: EndpointDefinition) {
  if (!page) return;
  if (!(page.part in parts)) yield `page.part: no part is named ${page.part}`;
  const fields = jsonFields(parameters, 'output');
  if (fields['limit']?.type !== 'integer') yield 'page: needs an integer parameter named limit';
  if (fields['cursor']?.type !== 'string') yield 'page: needs a string parameter named cursor';
}
