/** Two clocks that differ by more than this cannot both be right. */
const MOST_APART_MS = 2_000;

/**
 * What the clocks that can be read agree on, as an offset to the own one: their median, which one wrong clock among three
 * cannot move past its neighbours. With an even number of them it is what was agreed last, moved no further than it must
 * be to lie between the two in the middle. Undefined when those contradict each other, or there is one clock only.
 */
export function agreedOffset(offsets: readonly number[], lastMs: number): number | undefined {
  const sorted = offsets.toSorted((one, other) => one - other);
  const low = sorted[Math.ceil(sorted.length / 2) - 1];
  const high = sorted[Math.floor(sorted.length / 2)];
  if (sorted.length < 2 || low === undefined || high === undefined) return undefined;
  return high - low > MOST_APART_MS ? undefined : Math.min(Math.max(lastMs, low), high);
}
