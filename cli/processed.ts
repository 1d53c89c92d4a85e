/** BigQuery's on-demand price in US dollars per 2^40 bytes (US multi-region list price). */
const DOLLARS_PER_TIB = 6.25;

/** Below this, megabytes with one digit say nothing. */
const FEWEST_IN_MEGABYTES = 100_000;

/** Bytes that a query processes, as people read them. */
export function amount(bytes: number): string {
  return bytes < FEWEST_IN_MEGABYTES ? `${bytes} B` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** What processing so many bytes costs on demand. */
export function dollars(bytes: number): string {
  return `$${((bytes / 2 ** 40) * DOLLARS_PER_TIB).toFixed(6)}`;
}
