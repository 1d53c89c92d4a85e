import pTimeout from 'p-timeout';

/**
 * The one who owns a response's time. It is started before anything is awaited, and everything that a request waits for
 * is awaited through it: so nothing can make an answer late.
 */
export interface AnswerTimer {
  readonly elapsedMs: () => number;
  readonly remainingMs: () => number;
  /** What the work comes to, or undefined when the answer is due before; the work itself goes on. */
  until<T>(work: Promise<T>): Promise<T | undefined>;
}

/** Starts the timer of an answer that is due in `withinMs`, by the monotonic clock. */
export function startAnswerTimer(withinMs: number): AnswerTimer {
  const startedMs = performance.now();
  const elapsedMs = () => performance.now() - startedMs;
  const remainingMs = () => withinMs - elapsedMs();
  return {
    elapsedMs,
    remainingMs,
    until: (work) =>
      pTimeout(work, { milliseconds: Math.max(1, remainingMs()), fallback: () => undefined }),
  };
}
