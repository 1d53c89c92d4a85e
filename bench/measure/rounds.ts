import type { Setting } from '../scenario.ts';

/** One of several things that are measured side by side; `round` counts from 0. */
export type Contestant = (round: number) => Promise<void>;

/**
 * Runs every contestant once in each round, in turn first and last, so that whatever else the machine does, and whatever
 * the first of a round warms for the second, falls on all of them alike.
 */
export async function interleave(
  rounds: number,
  contestants: readonly Contestant[],
  { signal, say }: Pick<Setting, 'signal' | 'say'>,
): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    if (round > 0 && round % Math.ceil(rounds / 4) === 0) say(`round ${round} of ${rounds}`);
    for (const contestant of inTurn(contestants, round)) {
      signal.throwIfAborted();
      await contestant(round);
    }
  }
}

/** The list of a round: another one is first in each. */
export function inTurn<T>(list: readonly T[], round: number): readonly T[] {
  const first = round % list.length;
  return [...list.slice(first), ...list.slice(0, first)];
}
