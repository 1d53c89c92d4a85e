const STRINGS_AND_COMMENTS =
  /--[^\n]*|#[^\n]*|\/\*[\s\S]*?\*\/|(?:[rRbB]{0,2})(?:'''[\s\S]*?'''|"""[\s\S]*?"""|'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")|`[^`]*`/g;

/** A GoogleSQL text without what stands in strings, comments and quoted names. */
export function sqlCode(sql: string): string {
  return sql.replace(STRINGS_AND_COMMENTS, ' ');
}
