import type { Range, Rewrite } from '../rewrite.ts';
import { UnsupportedSql } from '../sql-error.ts';

/** One function call: its upper-cased name, its arguments and where it stands. */
export interface Call {
  readonly sql: Rewrite;
  readonly name: string;
  readonly at: number;
  readonly arguments: readonly Range[];
  /** Everything between the brackets. */
  readonly inner: Range;
  readonly close: number;
}

/** How a call is written for DuckDB. Throws UnsupportedSql for forms that it cannot write. */
export type CallRule = (call: Call) => string;

/** Calls that mean the same in DuckDB under the same name. */
export function native(names: string): Record<string, CallRule> {
  return each(names, () => (call) => `${call.name}(${call.sql.emit(call.inner)})`);
}

/** Calls that mean the same in DuckDB under another name. */
export function renamed(names: Readonly<Record<string, string>>): Record<string, CallRule> {
  const rules = Object.entries(names).map(([name, duck]): [string, CallRule] => [
    name,
    (call) => `${duck}(${call.sql.emit(call.inner)})`,
  ]);
  return Object.fromEntries(rules);
}

/** Calls of the macro of the same name. */
export function macros(names: string): Record<string, CallRule> {
  return each(names, (name) => (call) => macro(name.toLowerCase(), values(call)));
}

/** Functions that BigQuery has and the emulator lacks. */
export function refused(names: string): Record<string, CallRule> {
  return each(names, (name) => () => {
    throw new UnsupportedSql(`The function ${name}`);
  });
}

/** The text of a call of one of our DuckDB macros. */
export function macro(name: string, values: readonly string[]): string {
  return `googlesql.main.${name}(${values.join(', ')})`;
}

/** The DuckDB text of every argument. */
export function values(call: Call): readonly string[] {
  return call.arguments.map((argument) => call.sql.emit(argument));
}

/** The DuckDB text of one argument. Throws BigQuery's complaint when there is none. */
export function value(call: Call, index: number): string {
  return call.sql.emit(argument(call, index));
}

/** The tokens of one argument. Throws BigQuery's complaint when there is none. */
export function argument(call: Call, index: number): Range {
  const range = call.arguments[index];
  if (range) return range;
  throw call.sql.error(call.at, `No matching signature for function ${call.name}`);
}

/** The decoded text of an argument that must be a string literal. */
export function literalText(call: Call, index: number): string {
  const { first, last } = argument(call, index);
  const token = call.sql.token(first);
  if (first !== last || token.kind !== 'string') {
    throw new UnsupportedSql(`${call.name} with a format or path that is not a literal`);
  }
  return token.value;
}

function each(names: string, rule: (name: string) => CallRule): Record<string, CallRule> {
  const entries = names.split(/\s+/).map((name): [string, CallRule] => [name, rule(name)]);
  return Object.fromEntries(entries);
}
