import { duckString } from '../literal.ts';
import { UnsupportedSql } from '../sql-error.ts';
import { type Call, literalText, macro, value } from './call.ts';

/** FORMAT with a literal format, as a concatenation of its pieces. Throws UnsupportedSql for exotic specifiers. */
export function formatText(call: Call): string {
  let index = 0;
  const pieces = elements(literalText(call, 0)).map((element) => {
    if (!element.startsWith('%')) return duckString(element);
    if (element === '%%') return "'%'";
    index += 1;
    return specifier(element, value(call, index));
  });
  if (index + 1 !== call.arguments.length) {
    throw call.sql.error(call.at, 'Too many arguments to FORMAT for the pattern');
  }
  return pieces.length ? `(${pieces.join(' || ')})` : "''";
}

function elements(format: string): readonly string[] {
  return format.match(/%%|%[-+ 0#']*\d*(?:\.\d+)?[a-zA-Z]|[^%]+|%/g) ?? [];
}

function specifier(element: string, argument: string): string {
  const letter = element.at(-1) ?? '';
  const flags = element.slice(1, -1);
  switch (letter) {
    case 's':
      return padded(flags, macro('to_string', [argument]));
    case 't':
      return padded(flags, `coalesce(${macro('to_string', [argument])}, 'NULL')`);
    case 'd':
    case 'i':
      return integer(flags, argument);
    case 'f':
    case 'F':
    case 'e':
    case 'E':
    case 'g':
    case 'G':
      return real(flags, letter, argument);
    case 'x':
    case 'X':
    case 'o':
      return `printf('%${flags}${letter}', CAST(${argument} AS BIGINT))`;
    default:
      throw new UnsupportedSql(`The FORMAT specifier ${element}`);
  }
}

function integer(flags: string, argument: string): string {
  const number = `CAST(${argument} AS BIGINT)`;
  if (!flags.includes("'")) return `printf('%${flags}d', ${number})`;
  if (flags !== "'") throw new UnsupportedSql(`The FORMAT specifier %${flags}d`);
  return `format('{:,}', ${number})`;
}

function real(flags: string, letter: string, argument: string): string {
  const number = `CAST(${argument} AS DOUBLE)`;
  if (!flags.includes("'")) return `printf('%${flags}${letter}', ${number})`;
  const precision = /^'(\.\d+)?$/.exec(flags);
  if (!precision) throw new UnsupportedSql(`The FORMAT specifier %${flags}${letter}`);
  return `format('{:,${precision[1] ?? '.6'}${letter}}', ${number})`;
}

function padded(flags: string, text: string): string {
  return flags ? `printf('%${flags}s', ${text})` : text;
}
