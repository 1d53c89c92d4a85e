/** One statement of the corpus: what BigQuery's documentation says it gives, or how it fails. */
export interface CorpusCase {
  /** What is shown, as the support matrix names it. */
  readonly name: string;
  readonly sql: string;
  /** Statements that run first, each as a query of its own. */
  readonly before?: readonly string[];
  /** Named or positional query parameters, as the official client takes them. */
  readonly parameters?: Readonly<Record<string, unknown>> | readonly unknown[];
  /** BigQuery types of the parameters where the client cannot tell them. */
  readonly types?: Readonly<Record<string, unknown>> | readonly unknown[];
  readonly columns?: readonly string[];
  /** Values in the order of the columns: dates and exact numbers as text, bytes in base64, structs as objects. */
  readonly rows?: readonly (readonly unknown[])[];
  /** Expected instead of rows. */
  readonly error?: { readonly reason: string; readonly message: RegExp };
  /** Why the emulator does not do this yet; the test fails once it does. */
  readonly knownIssue?: string;
}

/** A page section of the support matrix. */
export interface Topic {
  readonly title: string;
  readonly cases: readonly CorpusCase[];
}

type Extras = Pick<CorpusCase, 'before' | 'parameters' | 'types' | 'knownIssue'>;

/** A statement with its expected columns (comma-separated) and rows. */
export function gives(
  name: string,
  sql: string,
  columns: string,
  rows: readonly (readonly unknown[])[],
  more: Extras = {},
): CorpusCase {
  return { name, sql, columns: columns.split(','), rows, ...more };
}

/** A statement that yields one row of unnamed columns. */
export function yields(
  name: string,
  sql: string,
  row: readonly unknown[],
  more: Extras = {},
): CorpusCase {
  return { name, sql, columns: row.map((_, index) => `f${index}_`), rows: [row], ...more };
}

/** A statement that BigQuery or the emulator refuses as an invalid query. */
export function fails(name: string, sql: string, message: RegExp): CorpusCase {
  return { name, sql, error: { reason: 'invalidQuery', message } };
}
