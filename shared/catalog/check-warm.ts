import type { Query } from './catalog.ts';
import { jsonFields } from './parameter-types.ts';
import type { WarmFrom } from './warm.ts';

/** Problems between queries: a warming query that does not exist, cannot be asked so, or whose rows name none of the parameters. */
export function checkWarming(queries: ReadonlyMap<string, Query>): string[] {
  return [...queries.values()].flatMap((query) => {
    const from = query.warm?.from;
    if (!from) return [];
    const other = queries.get(from.query);
    if (!other) return [`${query.name}: is warmed from ${from.query}, which is not in the catalog`];
    return askProblems(query, other, from).concat(columnProblems(query, other));
  });
}

function askProblems(query: Query, other: Query, { parameters }: WarmFrom): string[] {
  const { error } = other.parameters.safeParse(parameters);
  return (error?.issues ?? []).map(
    ({ path, message }) =>
      `${query.name}: is warmed from ${other.name}, whose parameters are wrong: ${[...path.map(String), message].join(': ')}`,
  );
}

function columnProblems(query: Query, other: Query): string[] {
  const columns = jsonFields(other.row, 'output');
  if (Object.keys(query.parameterTypes).some((name) => name in columns)) return [];
  return [
    `${query.name}: is warmed from ${other.name}, whose rows have no column that is named like a parameter`,
  ];
}
