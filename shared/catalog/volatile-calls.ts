import { sqlCode } from './sql-code.ts';

/** GoogleSQL takes these with and without parentheses. */
const CLOCKS = /(?<![\w.@])CURRENT_(?:TIMESTAMP|DATETIME|DATE|TIME)(?!\w)/gi;
const CALLS =
  /(?<![\w@])(?:CURRENT_(?:TIMESTAMP|DATETIME|DATE|TIME)|RAND|GENERATE_UUID|SESSION_USER|EXTERNAL_QUERY)(?=\s*\()/gi;

/**
 * The functions that a GoogleSQL text calls and whose values follow neither from parameters nor from a table that can be
 * watched: the time, chance, who asks, another database. Each once, in capitals.
 */
export function volatileCalls(sql: string): readonly string[] {
  const code = sqlCode(sql);
  const found = [...code.matchAll(CLOCKS), ...code.matchAll(CALLS)];
  return [...new Set(found.map(([name]) => name.toUpperCase()))];
}
