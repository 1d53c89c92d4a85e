/** Does the work for every item, at most so many at once, and gives the results in the items' order; rejects with the first that does. */
export async function atMost<T, R>(
  most: number,
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  const line = items.entries();
  const takeTurns = async () => {
    for (const [index, item] of line) results[index] = await work(item);
  };
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, takeTurns));
  return results;
}
