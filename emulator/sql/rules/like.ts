import { operandStart } from '../operand.ts';
import type { Range, Rewrite, Rule } from '../rewrite.ts';
import { UnsupportedSql } from '../sql-error.ts';

/** `x LIKE ANY|SOME|ALL (…)`, which DuckDB lacks: the comparisons are written out. */
export const quantifiedLike: Rule = (sql, at, limit) => {
  if (sql.token(at).kind === 'symbol' && sql.word(at) !== '(') return undefined;
  const like = likeAfter(sql, at, limit);
  if (like === undefined) return undefined;
  const { quantifier, list, operand, last } = like;
  const compared = sql.emit(operand);
  const glue = quantifier === 'ALL' ? ' AND ' : ' OR ';
  const tests = sql.split(list).map((pattern) => `${compared} LIKE ${sql.emit(pattern)}`);
  return { text: `(${tests.join(glue)})`, last };
};

interface QuantifiedLike {
  readonly operand: Range;
  readonly quantifier: string;
  readonly list: Range;
  readonly last: number;
}

function likeAfter(sql: Rewrite, at: number, limit: number): QuantifiedLike | undefined {
  for (let like = at + 1; like < limit; like += 1) {
    const word = sql.word(like);
    if (word === 'LIKE' && ['ANY', 'SOME', 'ALL'].includes(sql.word(like + 1))) {
      return described(sql, at, like);
    }
    if (word === '(' || word === '[') like = sql.closing(like);
    else if (!['.', 'NOT', ''].includes(word) && sql.token(like).kind === 'symbol')
      return undefined;
    else if (['AND', 'OR', 'SELECT', 'FROM', 'WHERE'].includes(word)) return undefined;
  }
  return undefined;
}

function described(sql: Rewrite, at: number, like: number): QuantifiedLike | undefined {
  const isNegated = sql.word(like - 1) === 'NOT';
  const operand = { first: at, last: like - (isNegated ? 2 : 1) };
  if (operandStart(sql, operand.last) !== at) return undefined;
  // Whether NOT negates each comparison or the whole is nowhere written down, so it is not guessed.
  if (isNegated) throw new UnsupportedSql(`NOT LIKE ${sql.word(like + 1)}`);
  if (sql.word(like + 2) !== '(') throw new UnsupportedSql(`LIKE ${sql.word(like + 1)} UNNEST`);
  const last = sql.closing(like + 2);
  if (sql.word(like + 3) === 'SELECT') throw new UnsupportedSql('LIKE ANY over a subquery');
  return {
    operand,
    quantifier: sql.word(like + 1),
    list: { first: like + 3, last: last - 1 },
    last,
  };
}
