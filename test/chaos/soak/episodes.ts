import type { Line } from './history.ts';
import type { Harm } from './soak-fault.ts';

/** A fault from its beginning to its end, both in milliseconds since the epoch; without an end it lasts for good. */
export interface Episode {
  readonly number: number;
  readonly harm: Harm;
  readonly from: number;
  readonly to: number;
}

/** The faults of a history. */
export function episodesOf(lines: readonly Line[]): Episode[] {
  const faults = lines.filter((line) => line.type === 'fault');
  const ends = new Map(
    faults.filter(({ phase }) => phase === 'ends').map((end) => [end.number, end.at]),
  );
  return faults
    .filter(({ phase }) => phase === 'begins')
    .map(({ number, harm, at }) => ({
      number,
      harm,
      from: at,
      to: ends.get(number) ?? Number.POSITIVE_INFINITY,
    }));
}

/** What a fault leads to is seen for a while after it. */
const echoMs = 10_000;

/** Whether a fault or its echo falls into a span of time. */
export function isWithin({ from, to }: Episode, sinceAt: number, untilAt: number): boolean {
  return from <= untilAt && to + echoMs >= sinceAt;
}
