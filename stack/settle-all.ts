/**
 * Waits until every promise has settled, then gives the values or throws the first rejection (in time).
 * Unlike `Promise.all`, nothing that was started is still on its way when it throws.
 */
export async function settleAll<const T extends readonly unknown[]>(
  promises: T,
  onFirstFailure?: (error: unknown) => void,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  const all = Promise.all(promises);
  try {
    return await all;
  } catch (error) {
    onFirstFailure?.(error);
    await Promise.allSettled(promises);
    throw error;
  }
}
