/** What a promise came to and how long it took, by the monotonic clock. */
export async function timed<T>(
  work: Promise<T>,
): Promise<{ readonly value: T; readonly ms: number }> {
  const startedMs = performance.now();
  const value = await work;
  return { value, ms: performance.now() - startedMs };
}
