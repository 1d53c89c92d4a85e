import { duckType } from '../data-type.ts';
import type { Rewrite } from '../rewrite.ts';
import { structOf } from '../rules/select.ts';
import {
  type Call,
  type CallRule,
  macro,
  macros,
  native,
  refused,
  renamed,
  value,
  values,
} from './call.ts';
import { castFormat } from './cast-format.ts';

/** Conversions, conditions, numbers and constructors. */
export const valueCalls: Readonly<Record<string, CallRule>> = {
  ...native(
    'COALESCE NULLIF IF ABS SIGN EXP LN SQRT CBRT SIN COS TAN ASIN ACOS ATAN ATAN2 SINH COSH TANH ASINH ACOSH ATANH COT LOG10 ERROR BIT_COUNT',
  ),
  ...renamed({
    IFNULL: 'coalesce',
    RAND: 'random',
    POW: 'pow',
    POWER: 'pow',
    IS_NAN: 'isnan',
    IS_INF: 'isinf',
  }),
  ...macros('ROUND TRUNC CEIL CEILING FLOOR LOG MOD DIV SAFE_DIVIDE IEEE_DIVIDE RANGE_BUCKET'),
  ...refused(
    'BIGNUMERIC PARSE_NUMERIC PARSE_BIGNUMERIC COSINE_DISTANCE EUCLIDEAN_DISTANCE SESSION_USER SEC CSC',
  ),
  SAFE_ADD: safely('+'),
  SAFE_SUBTRACT: safely('-'),
  SAFE_MULTIPLY: safely('*'),
  SAFE_NEGATE: (call) => `TRY(-(${value(call, 0)}))`,
  GREATEST: extreme,
  LEAST: extreme,
  CAST: (call) => cast(call),
  SAFE_CAST: (call) => `TRY(${cast(call)})`,
  STRUCT: struct,
};

const comparisons = new Set(['=', '!=', '<>', '<', '>', '<=', '>=', 'IN', 'NOT']);

/** DuckDB compares structs by the names of their fields, BigQuery by position; a row has no names. */
function struct(call: Call): string {
  const { sql, at, close } = call;
  const isCompared =
    comparisons.has(sql.word(at - 1)) || comparisons.has(sql.word(close + 1)) || isListed(sql, at);
  if (!isCompared) return structOf(sql, call.arguments);
  return `ROW(${sql.emit(call.inner)})`;
}

function isListed(sql: Rewrite, at: number): boolean {
  for (let back = at - 1; back > 0; back -= 1) {
    if (sql.word(back) === '(') return sql.word(back - 1) === 'IN';
    const close = sql.opening(back);
    if (close === undefined && sql.word(back) !== ',' && sql.word(back) !== 'STRUCT') return false;
    back = close ?? back;
  }
  return false;
}

function safely(operator: string): CallRule {
  return (call) => `TRY((${value(call, 0)}) ${operator} (${value(call, 1)}))`;
}

/** NULL as soon as one argument is NULL, which DuckDB would skip. */
function extreme(call: Call): string {
  const all = values(call);
  const missing = all.map((text) => `(${text}) IS NULL`).join(' OR ');
  return `CASE WHEN ${missing} THEN NULL ELSE ${call.name}(${all.join(', ')}) END`;
}

function cast(call: Call): string {
  const { sql, inner } = call;
  const as = sql.find(inner, 'AS');
  if (as < 0) throw sql.error(inner.last + 1, 'Syntax error: Expected keyword AS');
  const text = sql.emit({ first: inner.first, last: as - 1 });
  const format = sql.find({ first: as + 1, last: inner.last }, 'FORMAT');
  if (format >= 0) return castFormat(sql, text, { first: as + 1, last: inner.last }, format);
  return castTo(duckType(sql, { first: as + 1, last: inner.last }), text);
}

function castTo(type: string, text: string): string {
  switch (type) {
    case 'BIGINT':
      return macro('to_int64', [text]);
    case 'VARCHAR':
      return macro('to_string', [text]);
    case 'BLOB':
      return macro('to_bytes', [text]);
    default:
      return `CAST(${text} AS ${type})`;
  }
}
