import type { MockTracker } from 'node:test';
import { setImmediate } from 'node:timers/promises';

/** Time that stands still until it is told to pass; `setTimeout` waits for it. */
export interface SkyTime {
  /** Milliseconds since the epoch. */
  now(): number;
  /** How many timers are set. */
  readonly timers: number;
  /** Everything that needs no time happens. */
  settle(): Promise<void>;
  /** Time passes from timer to timer, and after each everything that needs no time happens. */
  pass(ms: number, onStop: () => void): Promise<void>;
}

interface Timer {
  readonly dueAt: number;
  readonly fire: () => void;
}

const START = 1_700_000_000_000;

/** Stops the time of `setTimeout` and makes what is random the same every time, until the mocks are restored. */
export function stopSkyTime(mock: MockTracker): SkyTime {
  let now = START;
  const timers = new Set<Timer>();
  mock.method(globalThis, 'setTimeout', ((call: () => void, ms = 0) => {
    const timer: Timer = { dueAt: now + Math.max(1, ms), fire: call };
    timers.add(timer);
    return Object.assign(timer, { ref: () => timer, unref: () => timer });
  }) as unknown as typeof setTimeout);
  mock.method(globalThis, 'clearTimeout', ((timer: Timer) => {
    timers.delete(timer);
  }) as unknown as typeof clearTimeout);
  mock.method(Math, 'random', () => 0.5);

  const settle = async () => {
    // All promises are through before a turn of the event loop is: nothing here waits for anything else.
    await setImmediate();
  };
  return {
    now: () => now,
    get timers() {
      return timers.size;
    },
    settle,
    async pass(ms, onStop) {
      await settle();
      const endAt = now + ms;
      for (;;) {
        const next = earliest(timers);
        if (!next || next.dueAt > endAt) break;
        now = Math.max(now, next.dueAt);
        timers.delete(next);
        next.fire();
        await settle();
        onStop();
      }
      now = endAt;
      await settle();
      onStop();
    },
  };
}

function earliest(timers: ReadonlySet<Timer>): Timer | undefined {
  let first: Timer | undefined;
  for (const timer of timers) if (!first || timer.dueAt < first.dueAt) first = timer;
  return first;
}
