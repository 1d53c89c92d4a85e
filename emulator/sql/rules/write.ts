import { duckType } from '../data-type.ts';
import { duckName } from '../literal.ts';
import type { Range, Rewrite } from '../rewrite.ts';
import { UnsupportedSql } from '../sql-error.ts';

/** INSERT, UPDATE, DELETE, TRUNCATE and DROP. BigQuery leaves out INTO and FROM and insists on WHERE. */
export function writeStatement(sql: Rewrite, range: Range): string {
  const { first, last } = range;
  const verb = sql.word(first);
  const second = sql.word(first + 1);
  const rest = (from: number): string => sql.emit({ first: from, last });
  switch (verb) {
    case 'INSERT':
      return `INSERT INTO ${rest(second === 'INTO' ? first + 2 : first + 1)}`;
    case 'DELETE':
      requireWhere(sql, range, verb);
      return `DELETE FROM ${rest(second === 'FROM' ? first + 2 : first + 1)}`;
    case 'UPDATE':
      requireWhere(sql, range, verb);
      return `UPDATE ${rest(first + 1)}`;
    case 'TRUNCATE':
      return `DELETE FROM ${rest(first + 2)}`;
    case 'DROP':
      if (['TABLE', 'VIEW', 'SCHEMA'].includes(second)) return `DROP ${second} ${rest(first + 2)}`;
      throw new UnsupportedSql(`The statement DROP ${second}`);
    default:
      throw new UnsupportedSql(`The statement ${verb}`);
  }
}

/** CREATE TABLE, VIEW and SCHEMA; PARTITION BY, CLUSTER BY and OPTIONS have no effect here. */
export function tableDefinition(sql: Rewrite, range: Range): string {
  const at = sql.find(range, 'TABLE', 'VIEW', 'SCHEMA');
  const head = { first: range.first, last: at };
  if (at < 0 || sql.find(head, 'EXTERNAL', 'SNAPSHOT', 'MATERIALIZED', 'FUNCTION') >= 0) {
    throw new UnsupportedSql(`The statement ${sql.source({ ...head, last: range.first + 1 })}`);
  }
  const clause = sql.find({ first: at, last: range.last }, 'CLONE', 'COPY', 'LIKE');
  if (clause >= 0) throw new UnsupportedSql(`CREATE TABLE ${sql.word(clause)}`);
  const as = sql.find({ first: at, last: range.last }, 'AS');
  const parts = [...words(sql, head), ...path(sql, at + 1, range.last)];
  const columns = sql.find({ first: at, last: range.last }, '(');
  const isTable = sql.word(at) === 'TABLE';
  if (isTable && columns >= 0 && !isOption(sql, columns, as)) parts.push(columnList(sql, columns));
  else if (sql.word(at) === 'VIEW' && columns >= 0 && columns < as) {
    throw new UnsupportedSql('A column list of a view');
  }
  if (as >= 0) parts.push(`AS ${sql.emit({ first: as + 1, last: range.last })}`);
  return parts.join(' ');
}

function requireWhere(sql: Rewrite, range: Range, verb: string): void {
  if (sql.find(range, 'WHERE') >= 0) return;
  throw sql.error(range.first, `Syntax error: ${verb} must have a WHERE clause`);
}

function words(sql: Rewrite, { first, last }: Range): readonly string[] {
  return sql.tokens.slice(first, last + 1).map((token) => token.upper);
}

function path(sql: Rewrite, from: number, limit: number): readonly string[] {
  let last = from;
  const parts: string[] = [];
  while (['IF', 'NOT', 'EXISTS'].includes(sql.word(last))) {
    parts.push(sql.word(last));
    last += 1;
  }
  const first = last;
  while (last < limit && (sql.word(last + 1) === '.' || sql.word(last + 1) === '-')) last += 2;
  return [...parts, sql.emit({ first, last })];
}

function isOption(sql: Rewrite, open: number, as: number): boolean {
  if (as >= 0 && open > as) return true;
  const before = sql.word(open - 1);
  return before === 'OPTIONS' || sql.word(open - 2) === 'BY' || before === 'DATE';
}

function columnList(sql: Rewrite, open: number): string {
  const columns = sql.split({ first: open + 1, last: sql.closing(open) - 1 }).map((column) => {
    const clauses = sql.find(column, 'NOT', 'DEFAULT', 'OPTIONS', 'PRIMARY');
    const typeEnd = clauses < 0 ? column.last : clauses - 1;
    const type = duckType(sql, { first: column.first + 1, last: typeEnd });
    const fallback = sql.find(column, 'DEFAULT');
    const required = sql.word(clauses) === 'NOT' ? ' NOT NULL' : '';
    if (fallback >= 0) throw new UnsupportedSql('A column default');
    return `${duckName(sql.token(column.first).value)} ${type}${required}`;
  });
  return `(${columns.join(', ')})`;
}
