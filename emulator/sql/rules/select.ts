import { afterSelectList, canBeAlias, reserved } from '../keyword.ts';
import { duckName, duckString } from '../literal.ts';
import type { Range, Rewrite, Rule } from '../rewrite.ts';
import { UnsupportedSql } from '../sql-error.ts';
import type { Token } from '../tokens.ts';
import { intervalEnd } from './interval.ts';
import { isInteger } from './literal.ts';

/** SELECT and its list: every column gets the name that BigQuery would give it; AS STRUCT and AS VALUE. */
export const select: Rule = (sql, at, limit) => {
  if (sql.word(at) !== 'SELECT' || sql.word(at - 1) === '.') return undefined;
  const { isDistinct, shape, items, last } = selectList(sql, at, limit);
  const head = isDistinct ? 'SELECT DISTINCT' : 'SELECT';
  return { text: `${head} ${list(sql, isOutermost(sql, at) ? '' : shape, items)}`, last };
};

interface SelectList {
  readonly isDistinct: boolean;
  /** STRUCT or VALUE after AS, otherwise empty. */
  readonly shape: string;
  readonly items: readonly Range[];
  readonly last: number;
}

function selectList(sql: Rewrite, at: number, limit: number): SelectList {
  let first = at + 1;
  if (sql.word(first) === 'ALL') first += 1;
  const isDistinct = sql.word(first) === 'DISTINCT';
  if (isDistinct) first += 1;
  const shape = sql.word(first) === 'AS' ? sql.word(first + 1) : '';
  if (shape) first += 2;
  const last = listEnd(sql, first, limit);
  if (last < first) throw sql.error(first, unexpected(sql, first));
  const items = sql.split({ first, last: sql.word(last) === ',' ? last - 1 : last });
  const blank = items.find((item) => item.last < item.first);
  if (blank) throw sql.error(blank.first, unexpected(sql, blank.first));
  return { isDistinct, shape, items, last };
}

/**
 * The names that a select list gives to expressions, lower-cased, with their positions from 1. A name that only repeats
 * its column, and everything after a `*`, is left out.
 */
export function namedExpressions(sql: Rewrite, at: number, limit: number): Map<string, number> {
  const names = new Map<string, number>();
  for (const [index, item] of selectList(sql, at, limit).items.entries()) {
    if (isStar(sql, item)) return names;
    const { expression, name } = named(sql, item);
    const isOwnName = impliedName(sql, expression)?.toLowerCase() === name?.toLowerCase();
    if (name !== undefined && !isOwnName) names.set(name.toLowerCase(), index + 1);
  }
  return names;
}

/** The struct of an outermost SELECT AS STRUCT is spread over the result's columns. */
function isOutermost(sql: Rewrite, at: number): boolean {
  return sql.word(at + 2) === 'STRUCT' && (at === 0 || sql.word(at - 1) === ';');
}

/** BigQuery's complaint about a token that cannot stand where it stands. */
export function unexpected(sql: Rewrite, at: number): string {
  const { kind, text, upper } = sql.token(at);
  if (kind === 'end') return 'Syntax error: Unexpected end of script';
  if (kind === 'symbol') return `Syntax error: Unexpected "${text}"`;
  if (kind === 'word' && !canBeAlias(upper)) return `Syntax error: Unexpected keyword ${upper}`;
  if (kind === 'word' || kind === 'quoted') return `Syntax error: Unexpected identifier "${text}"`;
  return `Syntax error: Unexpected ${kind} literal ${text}`;
}

interface Item {
  readonly expression: Range;
  /** The name written or implied; undefined for an anonymous column. */
  readonly name: string | undefined;
}

function list(sql: Rewrite, shape: string, items: readonly Range[]): string {
  if (shape === 'VALUE') return items.map((item) => sql.emit(named(sql, item).expression)).join();
  if (shape === 'STRUCT') {
    if (items.some((item) => isStar(sql, item))) throw new UnsupportedSql('SELECT AS STRUCT *');
    return structOf(sql, items);
  }
  let anonymous = 0;
  const columns = items.map((item) => {
    if (isStar(sql, item)) return sql.emit(item);
    const { expression, name } = named(sql, item);
    const text = column(sql, expression);
    if (name !== undefined) return `${text} AS ${duckName(name)}`;
    anonymous += 1;
    return `${text} AS f${anonymous - 1}_`;
  });
  return columns.join(', ');
}

/** A struct as DuckDB writes it; an anonymous field takes its name from `names` or is called `_field_1`, `_field_2`, …. */
export function structOf(
  sql: Rewrite,
  items: readonly Range[],
  names: readonly string[] = [],
): string {
  const own = fieldNames(sql, items);
  const fields = items.map((item, index) => {
    const { expression } = named(sql, item);
    const name = names[index] ?? own[index] ?? '';
    return `${duckString(name)}: ${column(sql, expression)}`;
  });
  return `{${fields.join(', ')}}`;
}

/** The names of a struct's fields, written, implied or numbered. */
export function fieldNames(sql: Rewrite, items: readonly Range[]): readonly string[] {
  return items.map((item, index) => named(sql, item).name ?? `_field_${index + 1}`);
}

function column(sql: Rewrite, { first, last }: Range): string {
  const text = sql.emit({ first, last });
  return isInteger(sql, first, last) ? `${text}::BIGINT` : text;
}

function listEnd(sql: Rewrite, first: number, limit: number): number {
  let from = first;
  for (;;) {
    const end = sql.find({ first: from, last: limit }, ...afterSelectList);
    if (end < 0) return sql.token(limit).kind === 'end' ? limit - 1 : limit;
    const before = sql.word(end - 1);
    const isDistinctFrom = sql.word(end) === 'FROM' && before === 'DISTINCT' && end - 1 > first;
    const isStarExcept = sql.word(end) === 'EXCEPT' && before === '*';
    if (before !== '.' && !isDistinctFrom && !isStarExcept) return end - 1;
    from = end + 1;
  }
}

function isStar(sql: Rewrite, { first, last }: Range): boolean {
  if (sql.word(first) === '*') return true;
  const star = sql.find({ first, last }, '*');
  return star > 0 && sql.word(star - 1) === '.';
}

function named(sql: Rewrite, item: Range): Item {
  const { first, last } = item;
  const alias = sql.token(last);
  const isName = alias.kind === 'quoted' || alias.kind === 'word';
  if (isName && last > first && sql.word(last - 1) === 'AS') {
    return { expression: { first, last: last - 2 }, name: alias.value };
  }
  const isAfterValue = canBeAlias(alias.upper) && endsExpression(sql, last - 1);
  if (isName && last > first && isAfterValue && !endsInterval(sql, item)) {
    return { expression: { first, last: last - 1 }, name: alias.value };
  }
  return { expression: item, name: impliedName(sql, item) };
}

function endsInterval(sql: Rewrite, { first, last }: Range): boolean {
  const at = sql.find({ first, last }, 'INTERVAL');
  return at >= 0 && intervalEnd(sql, at, last) === last;
}

function endsExpression(sql: Rewrite, at: number): boolean {
  const { kind, upper } = sql.token(at);
  if (kind === 'symbol') return upper === ')' || upper === ']';
  if (kind !== 'word') return kind !== 'end';
  return ['END', 'NULL', 'TRUE', 'FALSE'].includes(upper) || canBeAlias(upper);
}

function impliedName(sql: Rewrite, { first, last }: Range): string | undefined {
  if (sql.word(first) === '(' && sql.closing(first) === last) {
    const inner = { first: first + 1, last: last - 1 };
    return sql.word(first + 1) === 'SELECT' ? undefined : impliedName(sql, inner);
  }
  const name = sql.token(last);
  if (name.kind !== 'word' && name.kind !== 'quoted') return undefined;
  if (last === first) return isColumn(name) ? lastPart(name.value) : undefined;
  return sql.word(last - 1) === '.' && isPostfix(sql, first, last) ? name.value : undefined;
}

function isColumn({ upper }: Token): boolean {
  return !reserved.has(upper) && !/^CURRENT_(?:DATE|DATETIME|TIME|TIMESTAMP)$/.test(upper);
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}

function isPostfix(sql: Rewrite, first: number, last: number): boolean {
  for (let at = first; at <= last; at += 1) {
    const { kind, text } = sql.token(at);
    if ((text === '(' || text === '[') && kind === 'symbol') at = sql.closing(at);
    else if (kind === 'symbol' && text !== '.') return false;
    else if (kind === 'word' && at > first && sql.word(at - 1) !== '.') return false;
  }
  return true;
}
