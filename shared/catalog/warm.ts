import { z } from 'zod';
import type { Parameters } from '../fingerprint.ts';
import type { Shape } from './define-query.ts';
import { duration } from './policy.ts';

/** What of a query is run before anybody asks, with its parameters checked and filled in. */
export interface Warm {
  /** From the start of one run to that of the next. */
  readonly everyMs: number;
  readonly sets: readonly Parameters[];
  readonly from: WarmFrom | undefined;
  /** At most so many sets are learned from demand; 0 for none. */
  readonly learned: number;
}

/** The query whose rows are parameter sets, and what it is asked with. */
export interface WarmFrom {
  readonly query: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** No list that is declared is longer. */
const MOST_DECLARED = 10_000;
/** No list that is warmed is longer, wherever it comes from: what is beyond counts as failed. */
export const MOST_WARM_SETS = 100_000;

const LEAST_EVERY_MS = 10_000;
const MOST_EVERY_MS = 7 * 86_400_000;
const MOST_LEARNED = 1_000;
/** A list can be wrong in the same way from its first member to its last. */
const MOST_PROBLEMS = 10;
/** Of the fresh time: the rest is for the run itself, so that the next value is there before this one's time is over. */
const EVERY_SHARE = 0.8;

/** A query's `warm` as its author writes it. */
export const warmSchema = z
  .strictObject({
    every: duration()
      .refine((ms) => ms >= LEAST_EVERY_MS && ms <= MOST_EVERY_MS, 'must be from 10s to 7d')
      .optional(),
    sets: z
      .array(z.record(z.string(), z.unknown()))
      .max(MOST_DECLARED, `expected at most ${MOST_DECLARED} sets`)
      .default([]),
    from: z
      .strictObject({
        query: z.string(),
        parameters: z.record(z.string(), z.unknown()).default({}),
      })
      .optional(),
    learned: z.int().min(0).max(MOST_LEARNED).default(0),
  })
  .refine(
    ({ sets, from, learned }) => sets.length > 0 || from !== undefined || learned > 0,
    'names nothing to warm; give sets, from or learned',
  );

/** How often a query is warmed whose author does not say: so that a new value is there before the old one's time is over. */
export function usualEveryMs(freshForMs: number): number {
  return Math.max(LEAST_EVERY_MS, Math.round(freshForMs * EVERY_SHARE));
}

/** Declared sets with their defaults filled in, or what is wrong with them. */
export function checkSets(
  parameters: Shape,
  sets: readonly Readonly<Record<string, unknown>>[],
): { readonly sets: readonly Parameters[]; readonly problems: readonly string[] } {
  const read = sets.map((set) => parameters.strict().safeParse(set));
  const problems = read.flatMap(({ error }, index) =>
    (error?.issues ?? []).map(({ path, message }) =>
      ['warm', 'sets', index, ...path].map(String).join('.').concat(`: ${message}`),
    ),
  );
  return {
    sets: read.flatMap(({ data }) => (data === undefined ? [] : [data as Parameters])),
    problems: problems.slice(0, MOST_PROBLEMS),
  };
}
