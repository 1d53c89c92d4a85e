import { aggregateCalls, windowed, windowEnd } from '../calls/aggregates.ts';
import { arrayCalls } from '../calls/arrays.ts';
import type { Call, CallRule } from '../calls/call.ts';
import { dateCalls } from '../calls/dates.ts';
import { jsonCalls } from '../calls/json.ts';
import { stringCalls } from '../calls/strings.ts';
import { valueCalls } from '../calls/values.ts';
import { reserved } from '../keyword.ts';
import type { Rewrite, Rule } from '../rewrite.ts';
import { UnsupportedSql } from '../sql-error.ts';

const calls: ReadonlyMap<string, CallRule> = new Map(
  Object.entries({
    ...aggregateCalls,
    ...arrayCalls,
    ...dateCalls,
    ...jsonCalls,
    ...stringCalls,
    ...valueCalls,
  }),
);

/** Function families that the emulator lacks: `FAMILY.NAME(…)` and `FAMILY_NAME(…)`. */
const missingFamilies = new Set([
  'ML',
  'AI',
  'HLL_COUNT',
  'KLL_QUANTILES',
  'NET',
  'AEAD',
  'KEYS',
  'OBJ',
  'BQ',
]);
const missingPrefixes =
  /^(?:ST_|S2_|KLL_|RANGE_|VECTOR_|EXTERNAL_|DETERMINISTIC_|DLP_|SEARCH$|APPENDS$|CHANGES$|GAP_FILL$)/;

/** Words that stand before a bracket without being functions, beside the reserved ones. */
const notFunctions = new Set(
  'PIVOT UNPIVOT OVER VALUES FILTER SYSTEM BERNOULLI OPTIONS NULLS REPLACE MATERIALIZED OFFSET ORDINAL TABLE CLUSTER SETS'.split(
    ' ',
  ),
);
const reservedFunctions = new Set([
  'IF',
  'CAST',
  'LEFT',
  'RIGHT',
  'EXTRACT',
  'ARRAY',
  'STRUCT',
  'GROUPING',
]);

/** Every function call: known ones are rewritten, missing ones refused by name, unknown ones not found. */
export const call: Rule = (sql, at) => {
  const { kind, value } = sql.token(at);
  if (kind !== 'word') return undefined;
  if (sql.word(at + 1) === '.' && sql.word(at + 3) === '(') return familyCall(sql, at);
  if (!isFunction(sql, at)) return undefined;
  const name = value.toUpperCase();
  const rule = calls.get(name);
  const written = callAt(sql, name, at);
  if (sql.ownFunctions.has(name)) return undefined;
  if (!rule) throw notFound(sql, at, name, value);
  const last = windowed.has(name) ? windowEnd(written) : written.close;
  return { text: rule(written), last };
};

function familyCall(sql: Rewrite, at: number): ReturnType<Rule> {
  const family = sql.word(at);
  if (missingFamilies.has(family) && sql.word(at - 1) !== '.') {
    throw new UnsupportedSql(`The function ${family}.${sql.word(at + 2)}`);
  }
  if (family !== 'SAFE') return undefined;
  const last = sql.closing(at + 3);
  return { text: `TRY(${sql.emit({ first: at + 2, last })})`, last };
}

function isFunction(sql: Rewrite, at: number): boolean {
  const word = sql.word(at);
  if (sql.word(at + 1) !== '(') return false;
  if (sql.word(at - 1) === '.' && sql.word(at - 2) !== 'SAFE') return false;
  if (['INTO', 'INSERT', 'TABLE', 'VIEW', 'FUNCTION', 'EXISTS'].includes(sql.word(at - 1)))
    return false;
  if (word === 'REPLACE') return !isReplaceClause(sql, at);
  if (reservedFunctions.has(word)) return true;
  return !reserved.has(word) && !notFunctions.has(word);
}

function isReplaceClause(sql: Rewrite, at: number): boolean {
  if (sql.word(at - 1) === '*') return true;
  const open = sql.word(at - 1) === ')' ? sql.opening(at - 1) : undefined;
  return open !== undefined && sql.word(open - 1) === 'EXCEPT' && sql.word(open - 2) === '*';
}

function callAt(sql: Rewrite, name: string, at: number): Call {
  const close = sql.closing(at + 1);
  const inner = { first: at + 2, last: close - 1 };
  return { sql, name, at, inner, close, arguments: sql.split(inner) };
}

function notFound(sql: Rewrite, at: number, name: string, written: string): Error {
  if (missingPrefixes.test(name)) return new UnsupportedSql(`The function ${name}`);
  return sql.error(at, `Function not found: ${written}`);
}
