import { decodeLiteral } from './literal.ts';
import { SqlSyntaxError } from './sql-error.ts';

/** What a token is; `symbol` covers operators and punctuation, `word` keywords and plain identifiers. */
type TokenKind = 'word' | 'quoted' | 'string' | 'bytes' | 'number' | 'parameter' | 'symbol' | 'end';

/**
 * One lexical element of GoogleSQL. `upper` is the upper-cased text of words and symbols and empty for everything that
 * must never be mistaken for one; `value` is a literal's decoded text or a parameter's or identifier's name.
 */
export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly upper: string;
  readonly value: string;
  /** White space and comments before the token, reduced to one blank or line break. */
  readonly gap: '' | ' ' | '\n';
  readonly line: number;
  readonly column: number;
}

const skipped = /(?:\s+|--[^\n]*|#[^\n]*|\/\*[\s\S]*?\*\/)+/y;
const patterns: readonly (readonly [TokenKind, RegExp])[] = [
  [
    'string',
    /(?:r|b|rb|br)?(?:"""(?:[^\\]|\\[\s\S])*?"""|'''(?:[^\\]|\\[\s\S])*?'''|"(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\[\s\S])*')/iy,
  ],
  ['quoted', /`(?:[^`\\\n]|\\.)+`/y],
  ['parameter', /@@?(?:[A-Za-z_]\w*|`[^`\n]+`)|\?/y],
  ['number', /0x[0-9a-f]+|(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?/iy],
  ['word', /[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*/y],
  ['symbol', /\|>|\|\||!=|<>|<=|>=|=>|[-+*/%&|^~<>=!.,;:()[\]{}$@]/y],
];

/** The tokens of a GoogleSQL text without comments, closed by one of kind `end`. Throws SqlSyntaxError. */
export function tokenize(sql: string): readonly Token[] {
  const tokens: Token[] = [];
  const place = lineCounter(sql);
  let at = 0;
  for (;;) {
    const gap = matchAt(skipped, sql, at) ?? '';
    at += gap.length;
    const position = place(at);
    const shape = { gap: gapOf(gap), ...position };
    if (at >= sql.length) {
      tokens.push({ kind: 'end', text: '', upper: '', value: '', ...shape });
      return tokens;
    }
    const [kind, text] = nextToken(sql, at, tokens.at(-1), position);
    tokens.push({ ...shape, text, ...describe(kind, text) });
    at += text.length;
  }
}

function nextToken(
  sql: string,
  at: number,
  previous: Token | undefined,
  position: { line: number; column: number },
): [TokenKind, string] {
  for (const [kind, pattern] of patterns) {
    const text = matchAt(pattern, sql, at);
    const isPathDot = kind === 'number' && text?.startsWith('.') && endsOperand(previous);
    if (text !== undefined && !isPathDot) return [kind, text];
  }
  const character = sql.charAt(at);
  const problem = /["'`]/.test(character)
    ? character === '`'
      ? 'Unclosed identifier literal'
      : 'Unclosed string literal'
    : `Illegal input character ${JSON.stringify(character)}`;
  throw new SqlSyntaxError(`Syntax error: ${problem}`, position);
}

function describe(kind: TokenKind, text: string): Pick<Token, 'kind' | 'upper' | 'value'> {
  if (kind === 'string') {
    const { bytes, value } = decodeLiteral(text);
    return { kind: bytes ? 'bytes' : 'string', upper: '', value };
  }
  if (kind === 'quoted') return { kind, upper: '', value: text.slice(1, -1) };
  if (kind === 'parameter') return { kind, upper: '', value: text.replace(/^@|`/g, '') };
  return { kind, upper: kind === 'number' ? '' : text.toUpperCase(), value: text };
}

function endsOperand(token: Token | undefined): boolean {
  if (!token) return false;
  return token.kind === 'word' || token.kind === 'quoted' || /^[)\]]$/.test(token.text);
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

function gapOf(skippedText: string): Token['gap'] {
  if (skippedText === '') return '';
  return skippedText.includes('\n') ? '\n' : ' ';
}

function lineCounter(sql: string): (at: number) => { line: number; column: number } {
  let line = 1;
  let lineStart = 0;
  let seen = 0;
  return (at) => {
    for (; seen < at; seen += 1) {
      if (sql.charCodeAt(seen) !== 10) continue;
      line += 1;
      lineStart = seen + 1;
    }
    return { line, column: at - lineStart + 1 };
  };
}
