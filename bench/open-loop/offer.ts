import { setTimeout as pause } from 'node:timers/promises';
import { attempt, type Exchange, judge, requestOf, type Send } from './exchange.ts';
import { createHistogram, type Histogram } from './histogram.ts';
import type { Question } from './question.ts';

/** What somebody comes for: one question, or several at once that are done when the last is answered. */
export interface Errand {
  readonly kind: string;
  /** Milliseconds from the beginning. */
  readonly dueMs: number;
  readonly questions: readonly Question[];
}

/** Where errands are run, and who is told what came of them. */
export interface Offering {
  readonly origin: string;
  readonly send: Send;
  readonly note: (errand: Errand, exchanges: readonly Exchange[]) => void;
  readonly signal: AbortSignal;
}

/**
 * Sends every errand when it is due, however the ones before fare, and resolves when the last is done. Times count from the
 * instant at which an errand was due: what waits for a connection, or for this process, is late, and not left out (Tene's
 * coordinated omission). Resolves with how late they were sent, which is this process's own part in it. `errands` ascend.
 */
export async function offer(
  errands: readonly Errand[],
  { origin, send, note, signal }: Offering,
): Promise<Histogram> {
  const lateness = createHistogram();
  const underway: Promise<void>[] = [];
  const startedMs = performance.now();
  const run = async (errand: Errand) => {
    const dueMs = startedMs + errand.dueMs;
    lateness.add(performance.now() - dueMs);
    const asking = errand.questions.map(async (question) =>
      judge(question, await attempt(send, requestOf(origin, question), dueMs)),
    );
    note(errand, await Promise.all(asking));
  };
  for (const errand of errands) {
    await untilDue(startedMs + errand.dueMs, signal);
    underway.push(run(errand));
  }
  await Promise.all(underway);
  return lateness;
}

/** Never too early: a timer may fire within the millisecond before. */
async function untilDue(dueMs: number, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const remainingMs = dueMs - performance.now();
    if (remainingMs <= 0) return;
    await pause(Math.ceil(remainingMs), undefined, { signal });
  }
}
