import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Query } from './catalog.ts';
import { batchProblems, batchSchema, batchTypes } from './check-batch.ts';
import type { Fallback, QueryDefinition, Shape } from './define-query.ts';
import { jsonFields, type ParameterType, parameterTypes } from './parameter-types.ts';
import { type Policy, policySchema } from './policy.ts';
import { sqlParameters } from './sql-parameters.ts';
import { checkSets, usualEveryMs, warmSchema } from './warm.ts';
import { volatileCalls } from './volatile-calls.ts';

/** A checked query, or every problem that it has by itself. */
export type CheckedQuery =
  | { readonly ok: true; readonly query: Query }
  | { readonly ok: false; readonly problems: readonly string[] };

const isObjectSchema = z.custom<QueryDefinition['row']>((value) => value instanceof z.ZodObject, {
  error: 'expected a z.object({ … })',
});
const isFunction = z.custom<(...args: never[]) => never>((value) => typeof value === 'function', {
  error: 'expected a function',
});
const fallbackSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('entry'), query: z.string(), parameters: isFunction }),
  z.strictObject({ kind: z.literal('rows'), rows: z.array(z.record(z.string(), z.unknown())) }),
]);
const definitionSchema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'expected a kebab-case name'),
  summary: z.string().min(1),
  parameters: isObjectSchema,
  row: isObjectSchema,
  policy: policySchema.prefault({}),
  batch: batchSchema.optional(),
  fallback: z.union([fallbackSchema, z.array(fallbackSchema)]).optional(),
  warm: warmSchema.optional(),
  transform: isFunction.optional(),
});

/** Checks what a query file exports together with its SQL, without looking at the rest of the catalog. */
export function checkQuery(exported: unknown, sql: string): CheckedQuery {
  const parsed = definitionSchema.safeParse(exported);
  if (!parsed.success) return { ok: false, problems: parsed.error.issues.map(describeIssue) };

  const definition = exported as QueryDefinition;
  const types = parameterTypes(definition.parameters);
  const { batch, policy, warm } = parsed.data;
  const declared = checkSets(definition.parameters, warm?.sets ?? []);
  const problems = [
    ...parameterProblems(types, sql),
    ...(batch ? batchProblems(batch, definition.parameters, types) : []),
    ...constantProblems(definition),
    ...declared.problems,
    ...freshWhileProblems(policy, sql),
  ];
  if (problems.length > 0) return { ok: false, problems };
  return {
    ok: true,
    query: {
      name: definition.name,
      version: versionOf(definition, sql),
      rowShape: shapeOf(definition.row),
      parametersShape: shapeOf(definition.parameters),
      summary: definition.summary,
      sql,
      parameters: definition.parameters.strict(),
      parameterTypes: batchTypes(types as Record<string, ParameterType>, batch),
      row: definition.row,
      policy,
      batch,
      fallbacks: fallbacksOf(definition),
      warm: warm && {
        everyMs: warm.every ?? usualEveryMs(policy.freshForMs),
        sets: declared.sets,
        from: warm.from,
        learned: warm.learned,
      },
      transform: definition.transform as Query['transform'],
    },
  };
}

/** One line for a problem that zod found: where, and what was expected. */
export function describeIssue(issue: { path: PropertyKey[]; message: string }): string {
  return issue.path.length > 0 ? `${issue.path.join('.')}: ${issue.message}` : issue.message;
}

function* parameterProblems(types: Record<string, ParameterType | undefined>, sql: string) {
  if (sql.trim() === '') yield 'the .sql file is empty';
  const used = sqlParameters(sql);
  for (const [name, type] of Object.entries(types)) {
    if (!type)
      yield `parameters.${name}: has no BigQuery type; use int, number, string, boolean, enum, date or an array of these`;
    if (!used.has(name)) yield `parameters.${name}: is declared but the SQL does not use @${name}`;
  }
  for (const name of used)
    if (!(name in types)) yield `the SQL uses @${name}, which parameters does not declare`;
}

function* constantProblems(definition: QueryDefinition) {
  for (const fallback of fallbacksOf(definition)) {
    if (fallback.kind !== 'rows') continue;
    for (const [index, row] of fallback.rows.entries()) {
      const parsed = definition.row.safeParse(row);
      if (!parsed.success)
        yield `fallback row ${index}: ${parsed.error.issues.map(describeIssue).join('; ')}`;
    }
  }
}

function* freshWhileProblems({ freshWhile }: Policy, sql: string) {
  const calls = freshWhile ? volatileCalls(sql) : [];
  if (calls.length > 0)
    yield `policy.freshWhile: the SQL calls ${calls.join(', ')}, so its rows change while its tables do not`;
}

function fallbacksOf(definition: QueryDefinition): readonly Fallback<Record<string, unknown>>[] {
  return [definition.fallback ?? []].flat() as Fallback<Record<string, unknown>>[];
}

/** All that decides what a row is. */
function versionOf(definition: QueryDefinition, sql: string): string {
  const parts = [
    sql,
    JSON.stringify(jsonFields(definition.parameters, 'output')),
    JSON.stringify(jsonFields(definition.row, 'output')),
    definition.transform?.toString() ?? '',
    // How many keys one job takes changes no row.
    ...(definition.batch ? [definition.batch.by] : []),
  ];
  return shortHash(parts.join('\0'));
}

function shapeOf(schema: Shape): string {
  return shortHash(JSON.stringify(jsonFields(schema, 'output')));
}

/** The first 12 hex digits of sha256. */
function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
