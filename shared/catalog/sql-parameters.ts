const STRINGS_AND_COMMENTS =
  /--[^\n]*|#[^\n]*|\/\*[\s\S]*?\*\/|(?:[rRbB]{0,2})(?:'''[\s\S]*?'''|"""[\s\S]*?"""|'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")|`[^`]*`/g;

/** The names of the parameters that a GoogleSQL text uses; what stands in strings, comments and quoted names does not count. */
export function sqlParameters(sql: string): ReadonlySet<string> {
  const code = sql.replace(STRINGS_AND_COMMENTS, ' ');
  return new Set([...code.matchAll(/(?<!@)@([A-Za-z_]\w*)/g)].map((match) => match[1] ?? ''));
}
