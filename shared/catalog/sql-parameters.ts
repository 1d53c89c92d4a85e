import { sqlCode } from './sql-code.ts';

/** The names of the parameters that a GoogleSQL text uses; what stands in strings, comments and quoted names does not count. */
export function sqlParameters(sql: string): ReadonlySet<string> {
  return new Set(
    [...sqlCode(sql).matchAll(/(?<!@)@([A-Za-z_]\w*)/g)].map((match) => match[1] ?? ''),
  );
}
