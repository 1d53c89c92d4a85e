import type { Answer } from '../get.ts';
import { until } from '../until.ts';

/** What a load has seen. */
export interface Seen<T> {
  readonly value: T;
  /** Every answer, and when it was asked for, by the monotonic clock. */
  readonly answers: readonly Asked[];
  readonly perSecond: number;
}

interface Asked {
  readonly askedAtMs: number;
  readonly answer: Answer;
}

/** So many ask, each again as soon as he has his answer. */
const CALLERS = 32;

/** Asks all the time while something happens, which may wait for the load to have had so many more answers. */
export async function loadDuring<T>(
  ask: () => Promise<Answer>,
  happen: (answered: (count: number) => Promise<unknown>) => Promise<T>,
): Promise<Seen<T>> {
  const answers: Asked[] = [];
  const over = new AbortController();
  const startedMs = performance.now();
  const callers = Array.from({ length: CALLERS }, async () => {
    while (!over.signal.aborted) {
      const askedAtMs = performance.now();
      answers.push({ askedAtMs, answer: await ask() });
    }
  });
  const answered = (count: number) => {
    const enough = answers.length + count;
    return until(() => answers.length >= enough, { what: `${count} more answers under load` });
  };
  try {
    const value = await happen(answered);
    const perSecond = Math.round((answers.length / (performance.now() - startedMs)) * 1_000);
    return { value, answers, perSecond };
  } finally {
    over.abort();
    await Promise.allSettled(callers);
  }
}
