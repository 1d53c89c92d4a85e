import type { Translation } from '../sql/translate.ts';
import { BigQueryError } from '../values/bigquery-error.ts';
import { boundParameter } from '../values/parameter.ts';
import type { Bound } from '../values/scalar-parameter.ts';
import { sqlType } from '../values/sql-type.ts';
import type { QuerySpec } from './query-spec.ts';

/** A translated query ready to prepare: macros to define first, then the statement, with its values. */
export interface Statement {
  readonly macros: readonly string[];
  readonly sql: string;
  readonly values: ReadonlyMap<string, Bound>;
}

/** Puts a translation and the caller's parameters together; throws a BigQueryError for a missing or bad parameter, and for a script. */
export function statementOf(translation: Translation, spec: QuerySpec): Statement {
  const macros = translation.statements.slice(0, -1).map(temporaryMacro);
  const last = translation.statements.at(-1);
  if (last === undefined)
    throw new BigQueryError('invalidQuery', 'Syntax error: Unexpected end of statement', {
      location: 'query',
    });
  const values = valuesOf(translation.parameters, spec);
  return { macros, sql: withTypes(last, values), values };
}

function temporaryMacro(sql: string): string {
  const match =
    /^\s*CREATE\s+(?:OR\s+REPLACE\s+)?(?:TEMP(?:ORARY)?\s+)?(?:MACRO|FUNCTION)\s+/i.exec(sql);
  if (match === null)
    throw new BigQueryError(
      'notImplemented',
      'Scripts of more than one statement are not supported by the emulator',
    );
  return `CREATE OR REPLACE TEMP MACRO ${sql.slice(match[0].length)}`;
}

function valuesOf(names: readonly string[], { parameters }: QuerySpec): ReadonlyMap<string, Bound> {
  const values = new Map<string, Bound>();
  for (const name of names) {
    const parameter =
      parameters.find((given) => given.name?.toLowerCase() === name.toLowerCase()) ??
      (/^\d+$/.test(name) ? parameters[Number(name) - 1] : undefined);
    if (parameter === undefined)
      throw new BigQueryError('invalidQuery', `Query parameter '${name}' not found`, {
        location: 'query',
      });
    values.set(`p_${name.toLowerCase()}`, boundParameter(name, parameter));
  }
  return values;
}

// A bare parameter has no type until it is bound, and a NULL never has one; a cast settles overloads and result types.
function withTypes(sql: string, values: ReadonlyMap<string, Bound>): string {
  return sql.replaceAll(tokenPattern, (token, name?: string) => {
    const bound = name === undefined ? undefined : values.get(name.toLowerCase());
    return bound === undefined ? token : `CAST(${token} AS ${sqlType(bound.type)})`;
  });
}

// Texts, quoted names and comments first, so that a `$p_` inside one of them stays as it is.
const tokenPattern =
  /[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|\$(p_\w+)/g;
