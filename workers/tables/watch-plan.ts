import type { Query } from '../../shared/catalog/catalog.ts';
import type { TablesOfQuery } from '../../shared/epochs/query-tables.ts';

/** Why the entries of a query age by time alone, though its policy says `freshWhile`. */
export type Obstacle =
  /** Its tables have not been found yet, or another version of it is known. */
  | 'tables-unknown'
  | 'no-tables'
  /** Which tables match a wildcard changes without any of them changing. */
  | 'wildcard'
  /** It reads what the warehouse says of itself, such as INFORMATION_SCHEMA. */
  | 'metadata'
  /** It calls a stored function, which can be replaced. */
  | 'routine'
  /** It reads a view, an external table or the like. */
  | 'unwatchable'
  | 'unreadable'
  | 'streaming';

/** A query whose entries may stay fresh by its tables. */
export interface WatchedQuery {
  readonly name: string;
  /** Those whose changes end the freshness of its entries, whatever else is in the way. */
  readonly tables: readonly string[];
  /** What stands in the way before any table has been looked at. */
  readonly obstacle: Obstacle | undefined;
}

/** Which queries of a catalog are watched, and by which tables. */
export function planWatch(
  queries: Iterable<Query>,
  known: ReadonlyMap<string, TablesOfQuery>,
): readonly WatchedQuery[] {
  return [...queries]
    .filter(({ policy }) => policy.freshWhile === 'tables-unchanged')
    .map((query) => {
      const found = known.get(query.name);
      const reads = found?.version === query.version ? found.tables : undefined;
      return {
        name: query.name,
        tables: (reads ?? []).filter(isOneTable),
        obstacle: obstacleOf(query, reads),
      };
    });
}

function obstacleOf({ sql }: Query, reads: readonly string[] | undefined): Obstacle | undefined {
  if (!reads) return 'tables-unknown';
  // The warehouse may name what matches just now in place of the wildcard, which is written between backticks always.
  if (/`[^`\n]*\*`/.test(sql) || reads.some((name) => name.includes('*'))) return 'wildcard';
  if (/\bINFORMATION_SCHEMA\b|\b__TABLES/i.test(sql)) return 'metadata';
  if (reads.some(isRoutine)) return 'routine';
  return reads.length === 0 ? 'no-tables' : undefined;
}

function isOneTable(name: string): boolean {
  return !isRoutine(name) && !name.includes('*');
}

function isRoutine(name: string): boolean {
  return name.startsWith('routine:');
}
