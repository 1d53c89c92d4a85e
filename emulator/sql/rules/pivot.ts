import type { Rule } from '../rewrite.ts';
import { UnsupportedSql } from '../sql-error.ts';

/** PIVOT is DuckDB's, whose column names agree with BigQuery's only for one aggregate without a name. */
export const pivot: Rule = (sql, at) => {
  if (sql.word(at) !== 'PIVOT' || sql.word(at + 1) !== '(') return undefined;
  const last = sql.closing(at + 1);
  const aggregates = { first: at + 2, last: sql.find({ first: at + 2, last }, 'FOR') - 1 };
  const isNamed = sql.find(aggregates, 'AS') >= 0 || sql.word(aggregates.last) !== ')';
  if (isNamed || sql.split(aggregates).length > 1) {
    throw new UnsupportedSql('PIVOT with named or several aggregates');
  }
  return { text: `PIVOT (${sql.emit({ first: at + 2, last })}`, last };
};
