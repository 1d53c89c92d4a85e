import { UnsupportedSql } from '../sql-error.ts';
import {
  argument,
  type Call,
  type CallRule,
  literalText,
  macro,
  macros,
  value,
  values,
} from './call.ts';
import { formatPieces, parseFormats } from './time-format.ts';
import { duckString } from '../literal.ts';

const duckTypes: Readonly<Record<string, string>> = {
  DATE: 'DATE',
  DATETIME: 'TIMESTAMP',
  TIMESTAMP: 'TIMESTAMPTZ',
  TIME: 'TIME',
};

const fields =
  'year isoyear quarter month week week_sunday week_monday isoweek day dayofweek dayofyear hour minute second millisecond microsecond date time datetime';
const units =
  'year isoyear quarter month week week_sunday week_monday week_tuesday week_wednesday week_thursday week_friday week_saturday isoweek day hour minute second millisecond microsecond';

/** Dates and times: the part of a date goes into the macro's name, formats into DuckDB's letters. */
export const dateCalls: Readonly<Record<string, CallRule>> = {
  ...macros(
    'CURRENT_DATE CURRENT_DATETIME CURRENT_TIME CURRENT_TIMESTAMP UNIX_DATE UNIX_SECONDS UNIX_MILLIS UNIX_MICROS DATE_FROM_UNIX_DATE TIMESTAMP_SECONDS TIMESTAMP_MILLIS TIMESTAMP_MICROS',
  ),
  ...constructors(),
  ...forTypes('ADD', shift('+')),
  ...forTypes('SUB', shift('-')),
  ...forTypes('DIFF', difference),
  ...forTypes('TRUNC', truncation),
  LAST_DAY: (call) => macro(`last_day_${part(call, 1, 'month', units)}`, [dateValue(call, 0)]),
  EXTRACT: extraction,
  FORMAT_DATE: format,
  FORMAT_DATETIME: format,
  FORMAT_TIMESTAMP: format,
  FORMAT_TIME: format,
  PARSE_DATE: parse,
  PARSE_DATETIME: parse,
  PARSE_TIMESTAMP: parse,
  PARSE_TIME: parse,
};

function constructors(): Record<string, CallRule> {
  return Object.fromEntries(
    Object.keys(duckTypes).map((type) => [
      type,
      (call: Call) => macro(`to_${type.toLowerCase()}`, values(call)),
    ]),
  );
}

function forTypes(verb: string, rule: CallRule): Record<string, CallRule> {
  return Object.fromEntries(Object.keys(duckTypes).map((type) => [`${type}_${verb}`, rule]));
}

function shift(sign: '+' | '-'): CallRule {
  const name = sign === '+' ? 'plus' : 'minus';
  return (call) => macro(name, [dateValue(call, 0), value(call, 1)]);
}

function difference(call: Call): string {
  const kind = call.name === 'TIMESTAMP_DIFF' ? 'whole' : 'diff';
  const unit = part(call, 2, undefined, units);
  return macro(`${kind}_${unit}`, [dateValue(call, 0), dateValue(call, 1)]);
}

function truncation(call: Call): string {
  const zone = call.arguments.length > 2 ? [value(call, 2)] : [];
  return macro(`trunc_${part(call, 1, undefined, units)}`, [dateValue(call, 0), ...zone]);
}

function extraction(call: Call): string {
  const { sql, inner } = call;
  const from = sql.find(inner, 'FROM');
  if (from < 0) throw sql.error(call.at, 'Syntax error: Expected keyword FROM');
  const field = partName(sql.source({ first: inner.first, last: from - 1 }), fields);
  const zone = sql.find({ first: from + 1, last: inner.last }, 'AT');
  const moment = { first: from + 1, last: zone < 0 ? inner.last : zone - 1 };
  const zoneText = zone < 0 ? [] : [sql.emit({ first: zone + 3, last: inner.last })];
  return macro(`extract_${field}`, [sql.emit(moment), ...zoneText]);
}

function format(call: Call): string {
  const type = typeOf(call);
  const moment = `CAST(${value(call, 1)} AS ${duckTypes[type] ?? type})`;
  const zone = call.arguments.length > 2 ? value(call, 2) : "'UTC'";
  const local = type === 'TIMESTAMP' ? `timezone(${zone}, ${moment})` : moment;
  const instant = type === 'TIME' ? `(DATE '1970-01-01' + ${local})` : local;
  return formatPieces(literalText(call, 0), instant, type === 'TIMESTAMP' ? zone : undefined);
}

function parse(call: Call): string {
  const type = typeOf(call);
  const formats = parseFormats(literalText(call, 0)).map(duckString);
  const local = `strptime(${value(call, 1)}, [${formats.join(', ')}])`;
  if (type !== 'TIMESTAMP') return `CAST(${local} AS ${duckTypes[type] ?? type})`;
  const zone = call.arguments.length > 2 ? value(call, 2) : "'UTC'";
  return macro('in_zone', [local, zone]);
}

/** A date argument; a string literal is of the type that the function is named for. */
function dateValue(call: Call, index: number): string {
  const { first, last } = argument(call, index);
  const isText = first === last && call.sql.token(first).kind === 'string';
  const text = value(call, index);
  return isText ? `CAST(${text} AS ${duckTypes[typeOf(call)] ?? 'DATE'})` : text;
}

function typeOf(call: Call): string {
  const words = call.name.split('_');
  return words.find((word) => word in duckTypes) ?? 'DATE';
}

function part(call: Call, index: number, otherwise: string | undefined, known: string): string {
  if (otherwise !== undefined && call.arguments.length <= index) return otherwise;
  return partName(call.sql.source(argument(call, index)), known);
}

function partName(source: string, known: string): string {
  const name = source.toLowerCase().replace(/\W+/g, '_').replace(/_$/, '');
  if (known.split(' ').includes(name)) return name;
  throw new UnsupportedSql(`The date part ${source}`);
}
