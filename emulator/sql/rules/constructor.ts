import { duckType } from '../data-type.ts';
import type { Range, Rewrite, Rule } from '../rewrite.ts';
import { UnsupportedSql } from '../sql-error.ts';
import { isInteger } from './literal.ts';
import { fieldNames, structOf } from './select.ts';

/** `ARRAY<T>[…]` and `ARRAY[…]`. */
export const typedArray: Rule = (sql, at) => {
  if (sql.word(at) !== 'ARRAY') return undefined;
  const isTyped = sql.word(at + 1) === '<';
  const open = isTyped ? sql.closing(at + 1) + 1 : at + 1;
  if (sql.word(open) !== '[') return undefined;
  const last = sql.closing(open);
  const list = sql.emit({ first: open, last });
  if (!isTyped) return { text: list, last };
  return { text: `CAST(${list} AS ${duckType(sql, { first: at, last: open - 1 })})`, last };
};

/** `STRUCT<T …>(…)`. */
export const typedStruct: Rule = (sql, at) => {
  if (sql.word(at) !== 'STRUCT' || sql.word(at + 1) !== '<') return undefined;
  const open = sql.closing(at + 1) + 1;
  if (sql.word(open) !== '(') return undefined;
  const last = sql.closing(open);
  const values = sql.emit({ first: open + 1, last: last - 1 });
  const type = duckType(sql, { first: at, last: open - 1 });
  return { text: `CAST(ROW(${values}) AS ${type})`, last };
};

/** An array literal's integers are INT64; `array[OFFSET(0)]` and its kin. */
export const bracket: Rule = (sql, at) => {
  if (sql.word(at) !== '[') return undefined;
  const last = sql.closing(at);
  const inner = { first: at + 1, last: last - 1 };
  const before = sql.token(at - 1);
  const isSubscript =
    before.kind === 'quoted' || before.kind === 'parameter' || /^[\w)\]]+$/.test(before.upper);
  if (isSubscript && !isKeyword(before.upper)) return { text: subscript(sql, inner), last };
  return { text: `[${elements(sql, sql.split(inner)).join(', ')}]`, last };
};

function elements(sql: Rewrite, ranges: readonly Range[]): readonly string[] {
  const [head] = ranges;
  const names = head && isStruct(sql, head) ? fieldNames(sql, fieldsOf(sql, head)) : [];
  return ranges.map((range) => {
    if (isStruct(sql, range)) return structOf(sql, fieldsOf(sql, range), names);
    const text = sql.emit(range);
    return isInteger(sql, range.first, range.last) ? `${text}::BIGINT` : text;
  });
}

/** An untyped `STRUCT(…)`. */
function isStruct(sql: Rewrite, { first, last }: Range): boolean {
  return (
    sql.word(first) === 'STRUCT' && sql.word(first + 1) === '(' && sql.closing(first + 1) === last
  );
}

function fieldsOf(sql: Rewrite, { first, last }: Range): readonly Range[] {
  return sql.split({ first: first + 2, last: last - 1 });
}

function subscript(sql: Rewrite, inner: Range): string {
  const way = sql.word(inner.first);
  const isCall = sql.word(inner.first + 1) === '(';
  const argument = { first: inner.first + 2, last: inner.last - 1 };
  if (isCall && (way === 'OFFSET' || way === 'SAFE_OFFSET')) return `[(${sql.emit(argument)}) + 1]`;
  if (isCall && (way === 'ORDINAL' || way === 'SAFE_ORDINAL')) return `[${sql.emit(argument)}]`;
  if (sql.token(inner.first).kind === 'string') throw new UnsupportedSql('A JSON subscript');
  return `[(${sql.emit(inner)}) + 1]`;
}

function isKeyword(word: string): boolean {
  return [
    'IN',
    'SELECT',
    'THEN',
    'ELSE',
    'RETURN',
    'AS',
    'ON',
    'AND',
    'OR',
    'NOT',
    'WHEN',
    'BY',
  ].includes(word);
}
