import { type Brackets, matchBrackets } from './brackets.ts';
import { SqlSyntaxError } from './sql-error.ts';
import type { Token } from './tokens.ts';

/** Tokens `first` to `last`, both included; empty when `last < first`. */
export interface Range {
  readonly first: number;
  readonly last: number;
}

/** DuckDB text that stands for the tokens up to and including `last`. */
interface Replacement {
  readonly text: string;
  readonly last: number;
}

/** A rewrite of the construct that starts at token `at`; `limit` is the last token that it may swallow. */
export type Rule = (sql: Rewrite, at: number, limit: number) => Replacement | undefined;

/** What a rule sees of the statements: the tokens, their brackets, and the way to rewrite a part of them. */
export interface Rewrite {
  readonly tokens: readonly Token[];
  /** The names of the parameters met so far, lower-cased, in order of first use. */
  readonly parameters: Set<string>;
  /** The names of functions that the statements themselves define, upper-cased. */
  readonly ownFunctions: Set<string>;
  /** The token at an index; past either end an empty one. */
  token(at: number): Token;
  /** The upper-cased keyword or symbol at an index; empty for literals and quoted names. */
  word(at: number): string;
  /** The closing bracket of an opening one. Throws SqlSyntaxError when there is none. */
  closing(open: number): number;
  /** The opening bracket of a closing one, or undefined. */
  opening(close: number): number | undefined;
  /** The first token of `words` in a range that is outside every bracket of that range; -1 if none. */
  find(range: Range, ...words: readonly string[]): number;
  /** The parts of a range between commas outside brackets; empty for an empty range. */
  split(range: Range): readonly Range[];
  /** The range's DuckDB text. */
  emit(range: Range): string;
  /** The range's own GoogleSQL text without comments. */
  source(range: Range): string;
  /** An error at a token. */
  error(at: number, message: string): SqlSyntaxError;
}

const nothing: Token = {
  kind: 'end',
  text: '',
  upper: '',
  value: '',
  gap: '',
  line: 1,
  column: 1,
};

/** A rewrite over tokens by rules, tried in order at every token; without a match a token stays as it is. */
export function createRewrite(
  tokens: readonly Token[],
  rules: readonly Rule[],
  asIs: (token: Token) => string,
): Rewrite {
  const brackets = matchBrackets(tokens);
  const token = (at: number): Token => tokens[at] ?? tokens.at(-1) ?? nothing;
  const word = (at: number): string => tokens[at]?.upper ?? '';
  const error = (at: number, message: string): SqlSyntaxError =>
    new SqlSyntaxError(message, token(at));
  const closing = (open: number): number => {
    const close = brackets.closing.get(open);
    if (close === undefined) throw error(open, unclosed(token(open).text));
    return close;
  };

  const sql: Rewrite = {
    tokens,
    parameters: new Set(),
    ownFunctions: new Set(),
    token,
    word,
    closing,
    error,
    opening: (close) => brackets.opening.get(close),
    find: ({ first, last }, ...words) => {
      for (let at = first; at <= last; at = next(brackets, at)) {
        if (words.includes(word(at))) return at;
      }
      return -1;
    },
    split: (range) => split(brackets, word, range),
    emit: ({ first, last }) => {
      const parts: string[] = [];
      for (let at = first; at <= last; at += 1) {
        const gap = at === first ? '' : token(at).gap;
        const replacement = firstMatch(sql, rules, at, last);
        const text = replacement?.text ?? asIs(token(at));
        parts.push(gap === '' && wouldFuse(parts.at(-1), text) ? ' ' : gap, text);
        at = replacement?.last ?? at;
      }
      return parts.join('');
    },
    source: ({ first, last }) => {
      const parts = tokens.slice(first, last + 1);
      return parts.map((part, index) => (index ? part.gap : '') + part.text).join('');
    },
  };
  return sql;
}

function firstMatch(
  sql: Rewrite,
  rules: readonly Rule[],
  at: number,
  limit: number,
): Replacement | undefined {
  for (const rule of rules) {
    const replacement = rule(sql, at, limit);
    if (replacement) return replacement;
  }
  return undefined;
}

/** Whether two texts without a gap would read as one word. */
function wouldFuse(before: string | undefined, after: string): boolean {
  return /\w/.test(before?.at(-1) ?? '') && /^[\w$']/.test(after);
}

function next(brackets: Brackets, at: number): number {
  return (brackets.closing.get(at) ?? at) + 1;
}

function split(
  brackets: Brackets,
  word: (at: number) => string,
  { first, last }: Range,
): readonly Range[] {
  if (last < first) return [];
  const parts: Range[] = [];
  let start = first;
  for (let at = first; at <= last; at = next(brackets, at)) {
    if (word(at) !== ',') continue;
    parts.push({ first: start, last: at - 1 });
    start = at + 1;
  }
  return [...parts, { first: start, last }];
}

function unclosed(bracket: string): string {
  const expected: Readonly<Record<string, string>> = { '(': '")"', '[': '"]"', '<': '">"' };
  return `Syntax error: Expected ${expected[bracket] ?? 'a closing bracket'} but got end of script`;
}
