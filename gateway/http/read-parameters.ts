import type { z } from 'zod';
import type { Shape } from '../../shared/catalog/define-query.ts';
import { type JsonField, jsonFields } from '../../shared/catalog/parameter-types.ts';
import type { RequestProblem } from './problem.ts';

/** Checked parameters, or every wrong one at once. */
export type ReadParameters =
  | { readonly ok: true; readonly parameters: z.output<Shape> }
  | { readonly ok: false; readonly problems: readonly RequestProblem[] };

/** Reads a query string against a schema; an empty value counts as absent, and unknown or repeated names are wrong. */
export function readParameters(schema: Shape, search: URLSearchParams): ReadParameters {
  const fields = jsonFields(schema, 'input');
  const problems: RequestProblem[] = [];
  const given: Record<string, unknown> = {};
  for (const name of new Set(search.keys())) {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    const texts = search.getAll(name).filter((text) => text !== '');
    if (!field)
      problems.push({
        parameter: shorten(name),
        expected: knownNames(fields),
        got: 'a name that is not known',
      });
    else if (field.type === 'array') given[name] = texts.map((text) => coerce(field.items, text));
    else if (texts.length > 1)
      problems.push({ parameter: name, expected: 'one value', got: `${texts.length} values` });
    else if (texts[0] !== undefined) given[name] = coerce(field, texts[0]);
  }
  const parsed = schema.safeParse(given);
  if (parsed.success && problems.length === 0) return { ok: true, parameters: parsed.data };
  const wrong = new Set(parsed.error?.issues.map((issue) => String(issue.path[0] ?? '')));
  for (const name of wrong) {
    if (!Object.hasOwn(fields, name) || problems.some((problem) => problem.parameter === name))
      continue;
    const got = search.getAll(name).map(shorten).join(', ');
    problems.push({
      parameter: name,
      expected: describe(fields[name] ?? {}),
      got: got || 'nothing',
    });
  }
  for (const { path, message } of parsed.error?.issues ?? [])
    if (path.length === 0) problems.push({ expected: message, got: shorten(search.toString()) });
  return { ok: false, problems };
}

function coerce(field: JsonField | undefined, text: string): unknown {
  const types = field?.anyOf ? field.anyOf.map(({ type }) => type) : [field?.type];
  if (types.includes('integer') && /^-?\d{1,16}$/.test(text)) return Number(text);
  if (types.includes('number') && /^-?\d{1,30}(\.\d{1,30})?$/.test(text)) return Number(text);
  if (types.includes('boolean') && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}

function knownNames(fields: Record<string, JsonField>): string {
  const names = Object.keys(fields);
  return names.length > 0 ? `one of ${names.join(', ')}` : 'no parameters';
}

/** What a field accepts, in words. */
function describe(
  field: JsonField & {
    minimum?: number;
    maximum?: number;
    exclusiveMinimum?: number;
    minLength?: number;
    maxLength?: number;
  },
): string {
  const alternatives = field.anyOf?.filter(({ type }) => type !== 'null');
  if (alternatives?.[0]) return describe(alternatives[0]);
  if (field.enum) return `one of ${field.enum.join(', ')}`;
  if (field.type === 'array') return `a list, each ${describe(field.items ?? {})}`;
  if (field.type === 'boolean') return 'true or false';
  if (field.type === 'integer' || field.type === 'number') {
    const least = field.exclusiveMinimum === undefined ? field.minimum : field.exclusiveMinimum;
    const from =
      bound(least) === undefined
        ? ''
        : field.exclusiveMinimum === undefined
          ? ` from ${least}`
          : ` above ${least}`;
    const to = bound(field.maximum) === undefined ? '' : ` up to ${field.maximum}`;
    return `${field.type === 'integer' ? 'a whole number' : 'a number'}${from}${to}`;
  }
  if (field.format) return `a ${field.format}`;
  const most = field.maxLength === undefined ? '' : ` of at most ${field.maxLength} characters`;
  return `text${most}`;
}

/** A bound worth telling: the schema's own limits at 2^53 are not. */
function bound(value: number | undefined): number | undefined {
  return value === undefined || Math.abs(value) >= Number.MAX_SAFE_INTEGER ? undefined : value;
}

function shorten(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
