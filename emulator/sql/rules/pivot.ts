import { duckName, duckString } from '../literal.ts';
import type { Range, Rewrite, Rule } from '../rewrite.ts';
import { UnsupportedSql } from '../sql-error.ts';

/**
 * `PIVOT (aggregate [AS a] FOR column IN (value [AS v], …))`. BigQuery calls the columns `a_v`, DuckDB would say `v_a`,
 * so the whole name is given to the value. Several aggregates are refused.
 */
export const pivot: Rule = (sql, at) => {
  if (sql.word(at) !== 'PIVOT' || sql.word(at + 1) !== '(') return undefined;
  const last = sql.closing(at + 1);
  const inside = { first: at + 2, last: last - 1 };
  const column = sql.find(inside, 'FOR');
  const list = sql.find(inside, 'IN');
  if (column < 0 || list < column || sql.word(list + 1) !== '(') {
    throw sql.error(at, 'Syntax error: PIVOT needs FOR … IN (…)');
  }
  const aggregates = sql.split({ first: inside.first, last: column - 1 });
  const [aggregate] = aggregates;
  if (!aggregate || aggregates.length > 1)
    throw new UnsupportedSql('PIVOT with several aggregates');
  const { expression, name } = aliased(sql, aggregate);
  const values = sql.split({ first: list + 2, last: sql.closing(list + 1) - 1 });
  const named = values.map((value) => pivotValue(sql, value, name));
  const by = sql.emit({ first: column + 1, last: list - 1 });
  return { text: `PIVOT (${sql.emit(expression)} FOR ${by} IN (${named.join(', ')}))`, last };
};

function pivotValue(sql: Rewrite, range: Range, prefix: string | undefined): string {
  const { expression, name } = aliased(sql, range);
  const literal = sql.token(expression.first);
  const isText = literal.kind === 'string' && expression.first === expression.last;
  const own = name ?? (isText ? literal.value : undefined);
  if (own === undefined) throw new UnsupportedSql('A PIVOT value without a name');
  const value = isText ? duckString(literal.value) : sql.emit(expression);
  return `${value} AS ${duckName(prefix === undefined ? own : `${prefix}_${own}`)}`;
}

function aliased(sql: Rewrite, range: Range): { expression: Range; name: string | undefined } {
  const { first, last } = range;
  const { kind, value } = sql.token(last);
  const isName = (kind === 'word' || kind === 'quoted') && last > first;
  if (isName && sql.word(last - 1) === 'AS') {
    return { expression: { first, last: last - 2 }, name: value };
  }
  if (isName) return { expression: { first, last: last - 1 }, name: value };
  return { expression: range, name: undefined };
}
