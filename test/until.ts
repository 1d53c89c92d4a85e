import { setTimeout as sleep } from 'node:timers/promises';

/** How long to look, and what to say was awaited. */
export interface UntilOptions {
  readonly withinMs?: number;
  readonly everyMs?: number;
  readonly what?: string;
}

type Truthy<T> = Exclude<T, undefined | null | false | 0 | ''>;

/** Looks again and again until the condition gives something truthy, and returns that; throws when time is up. */
export async function until<T>(
  condition: () => T | Promise<T>,
  { withinMs = 15_000, everyMs = 20, what = condition.toString() }: UntilOptions = {},
): Promise<Truthy<T>> {
  const endMs = performance.now() + withinMs;
  let failure: unknown;
  let isLast: boolean;
  do {
    // Asked before the look: while this process slept time may have passed, and everything else got ready.
    isLast = performance.now() >= endMs;
    try {
      const value = await condition();
      if (isTruthy(value)) return value;
      failure = undefined;
    } catch (error) {
      failure = error;
    }
    if (!isLast) await sleep(everyMs);
  } while (!isLast);
  throw new Error(`not within ${withinMs} ms: ${what}`, { cause: failure });
}

function isTruthy<T>(value: T): value is T & Truthy<T> {
  return Boolean(value);
}
