import type { Query } from './catalog.ts';
import { type JsonField, jsonFields } from './parameter-types.ts';

/** Problems between queries: a fallback that names no query, or whose rows lack a column or have it in another type. */
export function checkFallbacks(queries: ReadonlyMap<string, Query>): string[] {
  return [...queries.values()].flatMap((query) =>
    query.fallbacks.flatMap((fallback) => {
      if (fallback.kind !== 'entry') return [];
      const other = queries.get(fallback.query);
      if (!other)
        return [`${query.name}: falls back to ${fallback.query}, which is not in the catalog`];
      return missingColumns(query, other);
    }),
  );
}

function missingColumns(query: Query, other: Query): string[] {
  const theirs = jsonFields(other.row, 'output');
  return Object.entries(jsonFields(query.row, 'output'))
    .filter(([name, field]) => typesOf(theirs[name]) !== typesOf(field))
    .map(
      ([name]) =>
        `${query.name}: falls back to ${other.name}, whose rows have no ${name} of the same type`,
    );
}

/** The types of a field in one text; a missing field has none. */
function typesOf(field: JsonField | undefined): string {
  if (!field) return 'missing';
  const types = field.anyOf ? field.anyOf.map(({ type }) => type) : [field.type];
  return types.map(String).sort().join(' ');
}
