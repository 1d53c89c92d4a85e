/** A source of chance that gives the same again for the same seed. */
export interface Chance {
  /** From 0 up to, but not including, 1. */
  share(): number;
  /** A whole number of these bounds, both included. */
  between(least: number, most: number): number;
  pick<T>(list: readonly T[]): T;
  /** The list in another order. */
  shuffled<T>(list: readonly T[]): T[];
}

/** Chance from a whole number, by the generator that is known as mulberry32. */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  function share(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  const between = (least: number, most: number) => least + Math.floor(share() * (most - least + 1));
  return {
    share,
    between,
    pick(list) {
      const picked = list[between(0, list.length - 1)];
      if (picked === undefined) throw new Error('nothing to pick from');
      return picked;
    },
    shuffled: (list) =>
      list
        .map((value) => ({ value, at: share() }))
        .toSorted((a, b) => a.at - b.at)
        .map(({ value }) => value),
  };
}
