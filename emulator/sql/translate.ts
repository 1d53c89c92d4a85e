import { rewriteStatements } from './statements.ts';
import { tokenize } from './tokens.ts';

/**
 * GoogleSQL made ready for DuckDB.
 *
 * `statements` run in order; the result of the last one is the result of the query. `parameters` are the names of the
 * query parameters used, lower-cased and without `@`, in order of first use; each is bound in DuckDB as `$p_<name>`.
 * Positional `?` are named `1`, `2`, … and bound as `$p_1`, `$p_2`, …
 *
 * Result columns already carry BigQuery's names (`f0_`, `f1_`, … for unnamed ones, the case as written): no further
 * renaming is needed. A result with a name twice (compare case-insensitively) is an error in BigQuery:
 * "Duplicate column names in the result are not supported. Found duplicate(s): x".
 */
export interface Translation {
  readonly statements: readonly string[];
  readonly parameters: readonly string[];
}

const maxCachedChars = 4_000_000;
const cache = new Map<string, Translation>();
let cachedChars = 0;

/**
 * The DuckDB statements for a GoogleSQL text; repeated texts come from a bounded least-recently-used cache.
 * Throws SqlSyntaxError for what BigQuery refuses, UnsupportedSql for what only the emulator lacks.
 */
export function translate(googleSql: string): Translation {
  const known = cache.get(googleSql);
  if (known) {
    cache.delete(googleSql);
    cache.set(googleSql, known);
    return known;
  }
  const translation = rewriteStatements(tokenize(googleSql));
  remember(googleSql, translation);
  return translation;
}

function remember(googleSql: string, translation: Translation): void {
  cache.set(googleSql, translation);
  cachedChars += googleSql.length;
  for (const oldest of cache.keys()) {
    if (cachedChars <= maxCachedChars) return;
    cache.delete(oldest);
    cachedChars -= oldest.length;
  }
}
