import { setImmediate } from 'node:timers/promises';

const TURN_MS = 10;

/** A long loop's way to let the thread's other tasks run: `if (turn.isOver()) await turn.pass()`. */
export interface Turn {
  isOver(): boolean;
  pass(): Promise<void>;
}

/** Begins a turn; it is over after ten milliseconds, and begins anew when it was passed. */
export function beginTurn(): Turn {
  let endsAt = performance.now() + TURN_MS;
  return {
    isOver: () => performance.now() > endsAt,
    async pass() {
      await setImmediate();
      endsAt = performance.now() + TURN_MS;
    },
  };
}
