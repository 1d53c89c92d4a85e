import { createFunction } from './create-function.ts';
import { duckReserved } from './keyword.ts';
import { duckName } from './literal.ts';
import { createRewrite, type Range, type Rewrite, type Rule } from './rewrite.ts';
import { division } from './rules/arithmetic.ts';
import { call } from './rules/call.ts';
import { bracket, typedArray, typedStruct } from './rules/constructor.ts';
import { arrayPath, dashedPath, fromUnnest, inUnnest, quotedName } from './rules/from.ts';
import { groupBy } from './rules/group-by.ts';
import { interval } from './rules/interval.ts';
import { currentTime, plainName, refused, setOperation } from './rules/keyword.ts';
import { like, quantifiedLike } from './rules/like.ts';
import { literal, parameter, typedLiteral } from './rules/literal.ts';
import { pivot } from './rules/pivot.ts';
import { select, unexpected } from './rules/select.ts';
import { tableDefinition, writeStatement } from './rules/write.ts';
import { UnsupportedSql } from './sql-error.ts';
import type { Token } from './tokens.ts';
import type { Translation } from './translate.ts';

const rules: readonly Rule[] = [
  refused,
  quantifiedLike,
  like,
  select,
  groupBy,
  setOperation,
  inUnnest,
  fromUnnest,
  arrayPath,
  dashedPath,
  pivot,
  typedLiteral,
  literal,
  parameter,
  typedArray,
  typedStruct,
  bracket,
  interval,
  call,
  currentTime,
  division,
  quotedName,
  plainName,
];

const queries = new Set(['SELECT', 'WITH', '(']);
const writes = new Set(['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'CREATE', 'DROP']);
const scripting =
  /^(?:DECLARE|SET|BEGIN|COMMIT|ROLLBACK|IF|CASE|LOOP|WHILE|REPEAT|FOR|BREAK|LEAVE|CONTINUE|ITERATE|RETURN|RAISE|CALL|EXECUTE|END)$/;
const otherStatements =
  /^(?:MERGE|ALTER|EXPORT|LOAD|GRANT|REVOKE|ASSERT|EXPLAIN|DESCRIBE|SHOW|UNDROP|CLONE)$/;

/** Rewrites every statement of a script. Throws SqlSyntaxError or UnsupportedSql. */
export function rewriteStatements(tokens: readonly Token[]): Translation {
  const sql = createRewrite(tokens, rules, asIs);
  const statements: string[] = [];
  for (const range of ranges(sql)) statements.push(statement(sql, range));
  if (statements.length === 0) throw sql.error(0, 'Syntax error: Unexpected end of statement');
  return { statements, parameters: [...sql.parameters] };
}

function statement(sql: Rewrite, range: Range): string {
  const word = sql.word(range.first);
  if (queries.has(word)) return query(sql, range);
  if (word === 'CREATE' && isFunction(sql, range)) return createFunction(sql, range);
  if (word === 'CREATE') return tableDefinition(sql, range);
  if (writes.has(word)) return writeStatement(sql, range);
  if (scripting.test(word)) throw new UnsupportedSql(`Scripting (${word})`);
  if (otherStatements.test(word)) throw new UnsupportedSql(`The statement ${word}`);
  if (word === 'FROM' && sql.find(range, '|>') >= 0) throw new UnsupportedSql('Pipe syntax');
  throw sql.error(range.first, unexpected(sql, range.first));
}

function query(sql: Rewrite, range: Range): string {
  const last = sql.word(range.last);
  const isOpen = /^(?:[-+*/,.(=<]|FROM|WHERE|AND|OR|BY|SELECT|JOIN|ON|NOT|IN|AS|LIMIT)$/.test(last);
  const isStar = last === '*' && /^(?:SELECT|\.|,|DISTINCT|ALL)$/.test(sql.word(range.last - 1));
  if (isOpen && !isStar) {
    throw sql.error(range.last + 1, unexpected(sql, range.last + 1));
  }
  return sql.emit(range);
}

function isFunction(sql: Rewrite, range: Range): boolean {
  const definition = sql.find(range, 'FUNCTION', 'TABLE', 'VIEW', 'SCHEMA', 'PROCEDURE', 'MODEL');
  return sql.word(definition) === 'FUNCTION' && sql.word(definition - 1) !== 'TABLE';
}

function ranges(sql: Rewrite): readonly Range[] {
  const end = sql.tokens.length - 2;
  const found: Range[] = [];
  let first = 0;
  for (let at = 0; at <= end; at += 1) {
    if (sql.word(at) === '(' || sql.word(at) === '[') at = sql.closing(at);
    if (sql.word(at) !== ';') continue;
    if (at > first) found.push({ first, last: at - 1 });
    first = at + 1;
  }
  return first <= end ? [...found, { first, last: end }] : found;
}

function asIs({ kind, text, upper, value }: Token): string {
  return kind === 'quoted' || duckReserved.has(upper) ? duckName(value) : text;
}
