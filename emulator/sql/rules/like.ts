import { operandEnd, operandStart } from '../operand.ts';
import type { Range, Rewrite, Rule } from '../rewrite.ts';
import { UnsupportedSql } from '../sql-error.ts';

/** `x LIKE ANY|SOME|ALL (…)`, which DuckDB lacks: the comparisons are written out. */
export const quantifiedLike: Rule = (sql, at, limit) => {
  const like = likesOf(sql).get(at);
  if (like === undefined || like.last > limit) return undefined;
  const { quantifier, list, operand, last } = like;
  const compared = sql.emit(operand);
  const glue = quantifier === 'ALL' ? ' AND ' : ' OR ';
  const tests = sql.split(list).map((pattern) => `${compared} LIKE ${escaped(sql, pattern)}`);
  return { text: `(${tests.join(glue)})`, last };
};

/** `x LIKE pattern`: in BigQuery a backslash escapes, in DuckDB only what ESCAPE names. */
export const like: Rule = (sql, at) => {
  if (sql.word(at) !== 'LIKE' || ['ANY', 'SOME', 'ALL'].includes(sql.word(at + 1)))
    return undefined;
  let last = operandEnd(sql, at + 1);
  while (sql.word(last + 1) === '||') last = operandEnd(sql, last + 2);
  return { text: `LIKE ${escaped(sql, { first: at + 1, last })}`, last };
};

function escaped(sql: Rewrite, pattern: Range): string {
  const { kind, value } = sql.token(pattern.first);
  const isPlain = kind === 'string' && pattern.first === pattern.last && !value.includes('\\');
  return isPlain ? sql.emit(pattern) : `${sql.emit(pattern)} ESCAPE '\\'`;
}

interface QuantifiedLike {
  readonly operand: Range;
  readonly quantifier: string;
  readonly list: Range;
  readonly last: number;
}

const found = new WeakMap<Rewrite, ReadonlyMap<number, QuantifiedLike>>();

/** Every quantified LIKE by the first token of its operand, searched for once. */
function likesOf(sql: Rewrite): ReadonlyMap<number, QuantifiedLike> {
  const known = found.get(sql);
  if (known) return known;
  const likes = new Map<number, QuantifiedLike>();
  for (const [at, token] of sql.tokens.entries()) {
    const isQuantified = ['ANY', 'SOME', 'ALL'].includes(sql.word(at + 1));
    if (token.upper !== 'LIKE' || !isQuantified) continue;
    const like = described(sql, at);
    likes.set(like.operand.first, like);
  }
  found.set(sql, likes);
  return likes;
}

function described(sql: Rewrite, like: number): QuantifiedLike {
  const isNegated = sql.word(like - 1) === 'NOT';
  const operand = { first: operandStart(sql, like - 1), last: like - 1 };
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
