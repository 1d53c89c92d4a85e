import type { Exchange } from '../judges/client/exchange.ts';
import type { Question } from '../judges/client/plan.ts';
import { ask } from '../question.ts';
import { keys } from '../tally.ts';

/** Questions of every standing: with a fresh entry, with a stale one, with a fallback, and with nothing. */
export interface Mixed {
  /** What has to be asked once before, so that there are entries. */
  readonly known: readonly Question[];
  /** All of them, to be asked in turn; what is new is another question every time. */
  readonly all: readonly Question[];
}

/** The questions of a mixed load; a second after they were seeded half of the known ones are stale. */
export function mixedQuestions(run: string, each = 5): Mixed {
  const fresh = keys(`${run}-fresh`, each).map((key) => ask('lasting', key));
  const stale = keys(`${run}-stale`, each).map((key) => ask('plain', key));
  const backed = keys(`${run}-backed-{n}`, each).map((key) => ask('backed', key));
  const bare = keys(`${run}-bare-{n}`, each).map((key) => ask('lasting', key));
  const all = fresh.flatMap((question, at) => [question, stale[at], backed[at], bare[at]]);
  return { known: [...fresh, ...stale], all: all.filter((question) => question !== undefined) };
}

/** Questions that nobody has asked yet: with a fallback, and with nothing. */
export function newQuestions(run: string, each = 5): readonly Question[] {
  const { known, all } = mixedQuestions(run, each);
  return all.filter((question) => !known.includes(question));
}

/** The exchanges about one standing. */
export function standing(
  exchanges: readonly Exchange[],
  name: 'fresh' | 'stale' | 'backed' | 'bare',
): readonly Exchange[] {
  return exchanges.filter(({ key }) => key?.includes(`-${name}-`));
}
