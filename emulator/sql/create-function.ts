import { duckType } from './data-type.ts';
import { duckName } from './literal.ts';
import type { Range, Rewrite } from './rewrite.ts';
import { UnsupportedSql } from './sql-error.ts';

/** `CREATE TEMP FUNCTION name(x T, …) [RETURNS T] AS (expression)` as a DuckDB macro of the connection. */
export function createFunction(sql: Rewrite, range: Range): string {
  const at = sql.find(range, 'FUNCTION');
  const isTemporary = ['TEMP', 'TEMPORARY'].includes(sql.word(at - 1));
  if (!isTemporary) throw new UnsupportedSql('A persistent function');
  if (sql.find(range, 'LANGUAGE') >= 0) throw new UnsupportedSql('A function in another language');
  if (sql.find(range, 'AGGREGATE') >= 0) throw new UnsupportedSql('An aggregate function');
  const open = at + 2;
  const close = sql.closing(open);
  const as = sql.find({ first: close, last: range.last }, 'AS');
  if (as < 0 || sql.word(as + 1) !== '(') {
    throw sql.error(close + 1, 'Syntax error: Expected keyword AS');
  }
  const name = sql.token(at + 1).value;
  const names = sql
    .split({ first: open + 1, last: close - 1 })
    .map(({ first }) => sql.token(first));
  const body = sql.emit({ first: as + 1, last: sql.closing(as + 1) });
  sql.ownFunctions.add(name.toUpperCase());
  const returns = sql.word(close + 1) === 'RETURNS';
  const type = returns ? duckType(sql, { first: close + 2, last: as - 1 }) : undefined;
  const result = type === undefined ? body : `CAST(${body} AS ${type})`;
  const parameters = names.map((token) => duckName(token.value)).join(', ');
  return `CREATE OR REPLACE TEMP MACRO ${duckName(name)}(${parameters}) AS ${result}`;
}
