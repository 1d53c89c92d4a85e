const marker = 'googlesql: ';

/**
 * An expression that fails with a text of ours when it is evaluated. It is a cast, because DuckDB's error() counts as
 * volatile, which TRY does not take. `text` is an SQL expression.
 */
export function fail(text: string): string {
  return `CAST('${marker}' || ${text} AS BIGINT)`;
}

/** The same in a place where a string or bytes are expected. */
export function failAsText(text: string): string {
  return `CAST(${fail(text)} AS VARCHAR)`;
}

/** Our text in a DuckDB error message that comes from `fail`, or undefined. */
export function failureText(duckMessage: string): string | undefined {
  return /Could not convert string '\s*googlesql: ([\s\S]*?)' to INT64/.exec(duckMessage)?.[1];
}
