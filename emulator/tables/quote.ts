/** A name as DuckDB reads it whatever its letters: catalog, schema, table or column. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A text as a DuckDB literal. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** The path of one existing file as a DuckDB literal: its readers would take stars and brackets in it for a pattern. */
export function quoteFile(path: string): string {
  return quoteText(path.replaceAll(/[*?[]/g, '[$&]'));
}
