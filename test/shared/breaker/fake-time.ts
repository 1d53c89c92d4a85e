import type { MockTracker } from 'node:test';
import { setImmediate } from 'node:timers/promises';

/** Time that only `pass` moves: what `setTimeout` waits for, and what `now` says. */
export interface FakeTime {
  readonly now: () => number;
  /** Moves time on and lets everything happen that then does. */
  readonly pass: (ms: number) => Promise<void>;
}

/** Stops time until the mocks are reset: those of a test context at the end of the test. */
export function stopTime(mock: MockTracker): FakeTime {
  mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1_000_000 });
  return {
    now: Date.now,
    async pass(ms) {
      mock.timers.tick(ms);
      await happened();
    },
  };
}

/** Everything that needs no time has happened. */
export async function happened(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await setImmediate();
}
