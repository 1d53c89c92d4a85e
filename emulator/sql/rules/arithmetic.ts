import { operandEnd } from '../operand.ts';
import type { Rule } from '../rewrite.ts';

/** Division by zero is an error in BigQuery; DuckDB would give NULL. */
export const division: Rule = (sql, at) => {
  if (sql.word(at) !== '/') return undefined;
  const divisor = sql.token(at + 1);
  if (divisor.kind === 'number' && Number(divisor.text) !== 0) return { text: '/', last: at };
  const last = operandEnd(sql, at + 1);
  return { text: `/ googlesql.main.divisor(${sql.emit({ first: at + 1, last })})`, last };
};
