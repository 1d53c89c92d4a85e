import { duckBytes, duckString } from '../literal.ts';
import type { Rewrite, Rule } from '../rewrite.ts';
import { UnsupportedSql } from '../sql-error.ts';

const typed: Readonly<Record<string, string>> = {
  DATE: 'DATE',
  TIMESTAMP: 'TIMESTAMPTZ',
  DATETIME: 'TIMESTAMP',
  TIME: 'TIME',
  NUMERIC: 'DECIMAL(38, 9)',
  DECIMAL: 'DECIMAL(38, 9)',
  JSON: 'JSON',
};

/** `DATE '2026-01-31'` and its kin: a word that names a type, then a string. */
export const typedLiteral: Rule = (sql, at) => {
  if (sql.token(at + 1).kind !== 'string') return undefined;
  const word = sql.word(at);
  if (word === 'BIGNUMERIC' || word === 'BIGDECIMAL' || word === 'RANGE') {
    throw new UnsupportedSql(`The type ${word}`);
  }
  const type = typed[word];
  if (type === undefined) return undefined;
  return { text: `CAST(${duckString(sql.token(at + 1).value)} AS ${type})`, last: at + 1 };
};

/** Strings, bytes and numbers: a decimal point or an exponent makes a FLOAT64, arithmetic is INT64. */
export const literal: Rule = (sql, at) => {
  const { kind, value } = sql.token(at);
  if (kind === 'string') return { text: duckString(value), last: at };
  if (kind === 'bytes') return { text: duckBytes(value), last: at };
  if (kind === 'number') return { text: number(sql, at), last: at };
  return undefined;
};

/** `@name` and `?`. System variables are refused. */
export const parameter: Rule = (sql, at) => {
  const { kind, text, value } = sql.token(at);
  if (kind !== 'parameter') return undefined;
  if (text.startsWith('@@')) throw new UnsupportedSql(`The system variable ${text}`);
  const name = text === '?' ? positionOf(sql, at) : value.toLowerCase();
  sql.parameters.add(name);
  return { text: `$p_${name}`, last: at };
};

/** Whether the range is one integer literal, which DuckDB would make 32 bits wide. */
export function isInteger(sql: Rewrite, first: number, last: number): boolean {
  const isSigned = last === first + 1 && ['-', '+'].includes(sql.word(first));
  const digits = sql.token(last);
  return (first === last || isSigned) && digits.kind === 'number' && /^\d+$/.test(digits.text);
}

function number(sql: Rewrite, at: number): string {
  const { text } = sql.token(at);
  if (/^0x/i.test(text)) return `${BigInt(text)}::BIGINT`;
  if (!/^\d+$/.test(text)) return /e/i.test(text) ? text : `${text}e0`;
  return isInArithmetic(sql, at) ? `${text}::BIGINT` : text;
}

function isInArithmetic(sql: Rewrite, at: number): boolean {
  const [before, after] = [sql.word(at - 1), sql.word(at + 1)];
  if (before === '*' || after === '*') return true;
  const left = ['+', '-'].includes(before) && sql.token(at - 2).kind === 'number';
  return left || (['+', '-'].includes(after) && sql.token(at + 2).kind === 'number');
}

const positions = new WeakMap<Rewrite, ReadonlyMap<number, string>>();

function positionOf(sql: Rewrite, at: number): string {
  const known = positions.get(sql) ?? positionsOf(sql);
  positions.set(sql, known);
  return known.get(at) ?? '';
}

function positionsOf(sql: Rewrite): ReadonlyMap<number, string> {
  const marks = [...sql.tokens.keys()].filter((at) => sql.token(at).text === '?');
  return new Map(marks.map((at, index) => [at, String(index + 1)]));
}
