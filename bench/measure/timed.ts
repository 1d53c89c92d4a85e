/** What a call gave, and how many milliseconds it took by the monotonic clock. */
export async function timed<T>(call: () => Promise<T>): Promise<{ value: T; tookMs: number }> {
  const startedMs = performance.now();
  const value = await call();
  return { value, tookMs: performance.now() - startedMs };
}
