import type { Rewrite, Rule } from '../rewrite.ts';
import { UnsupportedSql } from '../sql-error.ts';

const parts = [
  'MICROSECOND',
  'MILLISECOND',
  'SECOND',
  'MINUTE',
  'HOUR',
  'DAY',
  'WEEK',
  'MONTH',
  'QUARTER',
  'YEAR',
] as const;

/** `INTERVAL <expression> <part>`. */
export const interval: Rule = (sql, at, limit) => {
  const part = intervalEnd(sql, at, limit);
  if (part === undefined) return undefined;
  const amount = { first: at + 1, last: part - 1 };
  if (sql.word(part + 1) === 'TO' || sql.token(at + 1).kind === 'string') {
    throw new UnsupportedSql('An INTERVAL of several parts');
  }
  const name = sql.word(part).toLowerCase();
  return { text: `googlesql.main.interval_${name}(${sql.emit(amount)})`, last: part };
};

/** The token that names the part of the interval that starts at `at`, if one does. */
export function intervalEnd(sql: Rewrite, at: number, limit: number): number | undefined {
  if (sql.word(at) !== 'INTERVAL' || [')', ',', '.'].includes(sql.word(at + 1))) return undefined;
  const part = sql.find({ first: at + 2, last: limit }, ...parts);
  return part < 0 ? undefined : part;
}
