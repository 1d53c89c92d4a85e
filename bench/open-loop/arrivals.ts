/** A rate that does not ask how fast the answers come. */
export interface Rate {
  readonly perSecond: number;
  readonly forMs: number;
}

/** When requests are due, in milliseconds from the beginning, one like the other. */
export function evenArrivals({ perSecond, forMs }: Rate): number[] {
  const count = Math.floor((perSecond * forMs) / 1_000);
  return Array.from({ length: count }, (_, index) => (index * 1_000) / perSecond);
}

/** The same as a Poisson process: independent of each other, as those of many strangers are; `random` gives 0 to below 1. */
export function poissonArrivals({ perSecond, forMs }: Rate, random: () => number): number[] {
  const arrivals: number[] = [];
  const gapMs = () => (-Math.log(1 - random()) * 1_000) / perSecond;
  for (let dueMs = gapMs(); dueMs < forMs; dueMs += gapMs()) arrivals.push(dueMs);
  return arrivals;
}
