import type { Range, Rewrite } from '../rewrite.ts';
import { UnsupportedSql } from '../sql-error.ts';
import { formatPieces } from './time-format.ts';

const elements: Readonly<Record<string, string>> = {
  YYYY: '%Y',
  YY: '%y',
  MM: '%m',
  MON: '%b',
  MONTH: '%B',
  DD: '%d',
  DDD: '%j',
  DY: '%a',
  DAY: '%A',
  HH24: '%H',
  HH12: '%I',
  MI: '%M',
  SS: '%S',
};

/** `CAST(date AS STRING FORMAT 'YYYY-MM-DD')`; other directions are refused. */
export function castFormat(sql: Rewrite, text: string, range: Range, format: number): string {
  const pattern = sql.token(format + 1);
  if (
    sql.word(range.first) !== 'STRING' ||
    pattern.kind !== 'string' ||
    range.last !== format + 1
  ) {
    throw new UnsupportedSql('CAST with this FORMAT');
  }
  const strftime = pattern.value.replace(/[A-Za-z]+\d*|%/g, (word) => {
    const element = elements[word.toUpperCase()];
    if (element === undefined || word !== word.toUpperCase()) {
      throw new UnsupportedSql(`The format element ${word}`);
    }
    return element;
  });
  return formatPieces(strftime, text, undefined);
}
