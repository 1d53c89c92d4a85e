import type { Rewrite } from './rewrite.ts';

const operators = new Set(
  'AND OR NOT IS IN LIKE BETWEEN WHEN THEN ELSE SELECT WHERE ON BY HAVING QUALIFY DISTINCT ALL AS FROM'.split(
    ' ',
  ),
);

/** The last token of the operand that starts at `at`: sign, literal, name, call, bracket or CASE, with what hangs on it, OVER included. */
export function operandEnd(sql: Rewrite, at: number): number {
  let end = at;
  while (['-', '+', '~'].includes(sql.word(end))) end += 1;
  end = primaryEnd(sql, end);
  for (;;) {
    const next = sql.word(end + 1);
    if (next === '.') end += 2;
    else if (next === '(' || next === '[') end = sql.closing(end + 1);
    else if (next === 'OVER') end = sql.word(end + 2) === '(' ? sql.closing(end + 2) : end + 2;
    else return end;
  }
}

/** The first token of the operand that ends at `at`. */
export function operandStart(sql: Rewrite, at: number): number {
  let start = at;
  for (;;) {
    if (sql.word(start) === 'END') start = caseStart(sql, start);
    start = sql.opening(start) ?? start;
    const before = sql.token(start - 1);
    const isBracket = '(['.includes(sql.token(start).text) && sql.token(start).kind === 'symbol';
    if (start === 0) return start;
    if (before.upper === '.') start -= 2;
    else if (isBracket && isCallee(sql, start - 1)) start -= 1;
    else return start;
  }
}

function isCallee(sql: Rewrite, at: number): boolean {
  const { kind, text, upper } = sql.token(at);
  if (kind === 'symbol') return text === ')' || text === ']';
  return (kind === 'word' && !operators.has(upper)) || kind === 'quoted';
}

function primaryEnd(sql: Rewrite, at: number): number {
  const word = sql.word(at);
  if (word === '(' || word === '[') return sql.closing(at);
  if (word !== 'CASE') return at;
  let depth = 0;
  for (let end = at; sql.token(end).kind !== 'end'; end += 1) {
    if (sql.word(end) === 'CASE') depth += 1;
    if (sql.word(end) === 'END') depth -= 1;
    if (depth === 0) return end;
  }
  return at;
}

function caseStart(sql: Rewrite, end: number): number {
  let depth = 0;
  for (let at = end; at > 0; at -= 1) {
    if (sql.word(at) === 'END') depth += 1;
    if (sql.word(at) === 'CASE') depth -= 1;
    if (depth === 0) return at;
  }
  return end;
}
