import type { TablesOfQuery } from '../../shared/epochs/query-tables.ts';
import type { ServedQuery } from '../serving/messages.ts';

/** Who may have read a table. */
export interface Readers {
  /** The queries that read it, and those that may. */
  readonly queries: readonly string[];
  /** Those of them of which nobody knows which tables they read. */
  readonly unknown: readonly string[];
}

/** Finds the queries that read a table, named with or without its project, whichever releases of the catalog they are of. */
export function readersOf(
  table: string,
  known: ReadonlyMap<string, TablesOfQuery>,
  served: readonly Pick<ServedQuery, 'name' | 'version'>[],
): Readers {
  const readers = [...known].filter(([, { tables }]) => tables.some((one) => isSame(one, table)));
  const unknown = served
    .filter(({ name, version }) => known.get(name)?.version !== version)
    .map(({ name }) => name);
  const queries = new Set([...readers.map(([query]) => query), ...unknown]);
  return { queries: [...queries].toSorted(), unknown: unknown.toSorted() };
}

/** The last two parts name a table in its project; a project's own name may have dots. */
function isSame(full: string, named: string): boolean {
  if (full === named) return true;
  return named.split('.').length === 2 && full.split('.').slice(-2).join('.') === named;
}
