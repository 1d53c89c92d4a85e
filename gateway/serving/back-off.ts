const LEAST_MS = 500;
const MOST_MS = 10_000;
/** A process that lived this long did not die of its start. */
const LASTED_MS = 10_000;

/** Says how long to wait before the next start, from how long the last run lasted: half a second, doubled up to ten while runs are short. */
export function createBackOff(): (livedMs: number) => number {
  let nextMs = LEAST_MS;
  return (livedMs) => {
    if (livedMs >= LASTED_MS) nextMs = LEAST_MS;
    const delayMs = nextMs;
    nextMs = Math.min(MOST_MS, nextMs * 2);
    return delayMs;
  };
}
