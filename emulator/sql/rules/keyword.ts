import { duckReserved } from '../keyword.ts';
import { duckName } from '../literal.ts';
import type { Rule } from '../rewrite.ts';
import { UnsupportedSql } from '../sql-error.ts';

const niladic: Readonly<Record<string, string>> = {
  CURRENT_DATE: 'CAST(googlesql.main.this_instant() AS DATE)',
  CURRENT_TIMESTAMP: 'googlesql.main.this_instant()',
  CURRENT_DATETIME: 'CAST(googlesql.main.this_instant() AS TIMESTAMP)',
  CURRENT_TIME: 'CAST(CAST(googlesql.main.this_instant() AS TIMESTAMP) AS TIME)',
};

/** Constructs that the emulator refuses wherever they stand. */
export const refused: Rule = (sql, at) => {
  const word = sql.word(at);
  if (word === '|>') throw new UnsupportedSql('Pipe syntax');
  if (word === '^') throw new UnsupportedSql('The operator ^');
  if (word === 'INFORMATION_SCHEMA') throw new UnsupportedSql('INFORMATION_SCHEMA');
  if (word === 'FOR' && sql.word(at + 1).startsWith('SYSTEM')) {
    throw new UnsupportedSql('FOR SYSTEM_TIME AS OF');
  }
  if (word === 'MATCH_RECOGNIZE') throw new UnsupportedSql('MATCH_RECOGNIZE');
  if (['{', '$', '@', ':'].includes(word)) {
    throw sql.error(at, `Syntax error: Unexpected "${word}"`);
  }
  return undefined;
};

/** Set operations name DISTINCT, which DuckDB leaves out; `* EXCEPT (…)` is EXCLUDE there. */
export const setOperation: Rule = (sql, at) => {
  const word = sql.word(at);
  if (word === 'EXCEPT' && sql.word(at - 1) === '*') return { text: 'EXCLUDE', last: at };
  if (!['UNION', 'INTERSECT', 'EXCEPT'].includes(word) || sql.word(at - 1) === '.')
    return undefined;
  const quantifier = sql.word(at + 1);
  if (quantifier === 'DISTINCT') return { text: word, last: at + 1 };
  if (quantifier === 'ALL' && word === 'UNION') return { text: 'UNION ALL', last: at + 1 };
  if (quantifier === 'ALL') throw new UnsupportedSql(`${word} ALL`);
  throw sql.error(at + 1, `Syntax error: Expected keyword ALL or keyword DISTINCT`);
};

/** `CURRENT_DATE` and its kin without brackets. */
export const currentTime: Rule = (sql, at) => {
  const text = niladic[sql.word(at)];
  const isColumn = sql.word(at - 1) === '.' || sql.word(at + 1) === '(';
  return text === undefined || isColumn ? undefined : { text, last: at };
};

/** Names that DuckDB would take for keywords: fields, aliases and plain names. */
export const plainName: Rule = (sql, at) => {
  const { kind, value, upper } = sql.token(at);
  if (kind !== 'word' || sql.word(at + 1) === '(') return undefined;
  const before = sql.word(at - 1);
  const isAlias = before === 'AS' && !['SELECT', 'WITH', 'FROM'].includes(upper);
  const isName = before === '.' || isAlias || duckReserved.has(upper) || isOffsetName(sql, at);
  return isName ? { text: duckName(value), last: at } : undefined;
};

function isOffsetName(sql: Parameters<Rule>[0], at: number): boolean {
  return sql.word(at) === 'OFFSET' && sql.word(at - 2) !== 'LIMIT';
}
