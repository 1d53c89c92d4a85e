import type { Rewrite, Rule } from '../rewrite.ts';
import { namedExpressions } from './select.ts';

const ends = [
  'HAVING',
  'QUALIFY',
  'WINDOW',
  'ORDER',
  'LIMIT',
  'UNION',
  'INTERSECT',
  'EXCEPT',
  ';',
  ')',
];

/** `GROUP BY name`: a name of the select list comes before a column of the same name, in DuckDB it is the other way. */
export const groupBy: Rule = (sql, at, limit) => {
  if (sql.word(at) !== 'GROUP' || sql.word(at + 1) !== 'BY') return undefined;
  const select = selectBefore(sql, at);
  const end = sql.find({ first: at + 2, last: limit }, ...ends);
  const last = end < 0 ? limit : end - 1;
  if (select === undefined || last < at + 2) return undefined;
  const positions = namedExpressions(sql, select, at);
  const keys = sql.split({ first: at + 2, last }).map((key) => {
    const name = key.first === key.last ? sql.token(key.first).value.toLowerCase() : undefined;
    const position = name === undefined ? undefined : positions.get(name);
    return position === undefined ? sql.emit(key) : String(position);
  });
  return { text: `GROUP BY ${keys.join(', ')}`, last };
};

function selectBefore(sql: Rewrite, at: number): number | undefined {
  for (let back = at - 1; back >= 0; back -= 1) {
    const word = sql.word(back);
    if (word === 'SELECT') return back;
    if (word === '(' || word === ';') return undefined;
    back = sql.opening(back) ?? back;
  }
  return undefined;
}
