import { SqlSyntaxError } from './sql-error.ts';
import type { Token } from './tokens.ts';

/** Which token closes which: round, square and curly brackets, and the angles of `ARRAY<…>` and `STRUCT<…>`. */
export interface Brackets {
  readonly closing: ReadonlyMap<number, number>;
  readonly opening: ReadonlyMap<number, number>;
}

const pairs: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{', '>': '<' };

/** Pairs up the brackets; what is never closed is left out. Throws SqlSyntaxError for a bracket never opened. */
export function matchBrackets(tokens: readonly Token[]): Brackets {
  const closing = new Map<number, number>();
  const opening = new Map<number, number>();
  const open: number[] = [];
  for (const [at, token] of tokens.entries()) {
    if (token.kind !== 'symbol') continue;
    if ('([{'.includes(token.text) || opensType(tokens, at)) open.push(at);
    const opener = pairs[token.text];
    if (opener === undefined) continue;
    const start = open.at(-1);
    if (start !== undefined && tokens[start]?.text === opener) {
      open.pop();
      closing.set(start, at);
      opening.set(at, start);
    } else if (token.text !== '>') {
      throw new SqlSyntaxError(`Syntax error: Unexpected "${token.text}"`, token);
    }
  }
  return { closing, opening };
}

function opensType(tokens: readonly Token[], at: number): boolean {
  const before = tokens[at - 1]?.upper ?? '';
  return tokens[at]?.text === '<' && (before === 'ARRAY' || before === 'STRUCT');
}
