import { canBeAlias } from '../keyword.ts';
import { duckName } from '../literal.ts';
import type { Range, Rewrite, Rule } from '../rewrite.ts';
import { UnsupportedSql } from '../sql-error.ts';

/** `x IN UNNEST(array)`. */
export const inUnnest: Rule = (sql, at) => {
  if (sql.word(at) !== 'UNNEST' || sql.word(at - 1) !== 'IN') return undefined;
  const close = sql.closing(at + 1);
  return { text: `(SELECT UNNEST(${sql.emit({ first: at + 2, last: close - 1 })}))`, last: close };
};

/** `UNNEST(array) [AS x] [WITH OFFSET [AS o]]` in a FROM clause. */
export const fromUnnest: Rule = (sql, at) => {
  if (sql.word(at) !== 'UNNEST' || sql.word(at + 1) !== '(') return undefined;
  const close = sql.closing(at + 1);
  const inner = { first: at + 2, last: close - 1 };
  const array = {
    text: sql.emit(inner),
    isStructs: isStructArray(sql, inner),
    isGiven: holdsParameter(sql, inner),
  };
  return unnest(sql, at, array, close, undefined);
};

/** `FROM t, t.items AS item`: a path that starts with an earlier table of the same FROM clause is an array. */
export const arrayPath: Rule = (sql, at) => {
  const before = sql.word(at - 1);
  if (before !== ',' && before !== 'JOIN') return undefined;
  if (!isName(sql, at) || sql.word(at + 1) !== '.') return undefined;
  const tables = tablesBefore(sql, at);
  if (!tables?.has(sql.token(at).value.toLowerCase())) return undefined;
  let last = at;
  while (sql.word(last + 1) === '.') last += 2;
  const path = sql.tokens.slice(at, last + 1).filter((token) => token.kind !== 'symbol');
  const text = path.map((token) => duckName(token.value)).join('.');
  const array = { text, isStructs: false, isGiven: false };
  return unnest(sql, at, array, last, sql.token(last).value);
};

/** `my-project.dataset.table` without back-ticks. */
export const dashedPath: Rule = (sql, at) => {
  if (!['FROM', 'JOIN', ',', 'INTO', 'TABLE', 'UPDATE', 'EXISTS'].includes(sql.word(at - 1))) {
    return undefined;
  }
  let last = at;
  while (sql.word(last + 1) === '-' && isGlued(sql, last + 1) && isGlued(sql, last + 2)) last += 2;
  if (last === at || sql.word(last + 1) !== '.') return undefined;
  return { text: duckName(sql.source({ first: at, last })), last };
};

/** Back-ticked names; a dotted one is a path. Wildcards and decorators are refused. */
export const quotedName: Rule = (sql, at) => {
  const { kind, value } = sql.token(at);
  if (kind !== 'quoted') return undefined;
  if (value.includes('*')) throw new UnsupportedSql('A wildcard table');
  if (value.includes('$')) throw new UnsupportedSql('A partition decorator');
  return { text: value.split('.').map(duckName).join('.'), last: at };
};

interface ArrayText {
  readonly text: string;
  readonly isStructs: boolean;
  /** It is a query parameter, or made of one. */
  readonly isGiven: boolean;
}

function unnest(
  sql: Rewrite,
  at: number,
  array: ArrayText,
  end: number,
  defaultName: string | undefined,
): { text: string; last: number } {
  const alias = aliasAfter(sql, end);
  const name = alias.name ?? defaultName;
  const offset = offsetAfter(sql, alias.last);
  const rows = unnestedRows(array, `_unnest_${at}`, name, offset.name);
  return { text: rows + joinCondition(sql, at, offset.last), last: offset.last };
}

function unnestedRows(
  { text, isStructs, isGiven }: ArrayText,
  table: string,
  name: string | undefined,
  offset: string | undefined,
): string {
  const column = duckName(name ?? 'f0_');
  const position =
    offset === undefined ? '' : `, generate_subscripts(${text}, 1) - 1 AS ${duckName(offset)}`;
  if (isStructs) {
    return `(SELECT UNNEST(${text}, max_depth := 2)${position}) AS ${duckName(name ?? table)}`;
  }
  // DuckDB cannot tell the columns of a table function before its parameters are bound.
  if (offset === undefined && !isGiven) return `UNNEST(${text}) AS ${table}(${column})`;
  return `(SELECT UNNEST(${text}) AS ${column}${position}) AS ${table}`;
}

/** Fields of a struct array are visible by themselves, which DuckDB does only when the struct is spread. */
function isStructArray(sql: Rewrite, { first }: Range): boolean {
  if (sql.word(first) === '[') return ['STRUCT', '('].includes(sql.word(first + 1));
  return sql.word(first) === 'ARRAY' && sql.word(first + 2) === 'STRUCT';
}

function holdsParameter(sql: Rewrite, { first, last }: Range): boolean {
  return sql.tokens.slice(first, last + 1).some(({ kind }) => kind === 'parameter');
}

function aliasAfter(sql: Rewrite, end: number): { name?: string; last: number } {
  const at = sql.word(end + 1) === 'AS' ? end + 2 : end + 1;
  const isAlias = isName(sql, at) && (at > end + 1 || canBeAlias(sql.word(at)));
  return isAlias ? { name: sql.token(at).value, last: at } : { last: end };
}

function offsetAfter(sql: Rewrite, end: number): { name?: string; last: number } {
  if (sql.word(end + 1) !== 'WITH' || sql.word(end + 2) !== 'OFFSET') return { last: end };
  return { name: 'offset', ...aliasAfter(sql, end + 2) };
}

function joinCondition(sql: Rewrite, at: number, last: number): string {
  const isJoin = sql.word(at - 1) === 'JOIN' && sql.word(at - 2) !== 'CROSS';
  return isJoin && !['ON', 'USING'].includes(sql.word(last + 1)) ? ' ON TRUE' : '';
}

function tablesBefore(sql: Rewrite, at: number): Set<string> | undefined {
  const tables = new Set<string>();
  for (let back = at - 1; back >= 0; back -= 1) {
    const word = sql.word(back);
    if (word === 'FROM') return tables;
    if (['SELECT', 'WHERE', 'BY', 'HAVING', 'SET', '(', '[', ';'].includes(word)) return undefined;
    if (isName(sql, back) && sql.word(back + 1) !== '.') {
      const path = sql.token(back).value.toLowerCase();
      tables.add(path.slice(path.lastIndexOf('.') + 1));
    }
    back = sql.opening(back) ?? back;
  }
  return undefined;
}

function isName(sql: Rewrite, at: number): boolean {
  const { kind } = sql.token(at);
  return kind === 'word' || kind === 'quoted';
}

function isGlued(sql: Rewrite, at: number): boolean {
  const { kind, gap } = sql.token(at);
  return gap === '' && kind !== 'end';
}
