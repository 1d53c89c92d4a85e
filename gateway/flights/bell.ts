import pTimeout from 'p-timeout';
import type { Landing } from '../../shared/flight/landing.ts';

/** Wakes who waits for it, or, when nobody does, the next who will. */
export interface Bell {
  /** Wakes, for a landing or because something else has changed. */
  ring(landing?: Landing): void;
  /** Resolves at the next ring, or after so long, with the last landing that was rung for. */
  wait(atMostMs: number): Promise<Landing | undefined>;
}

/** A bell that nobody has rung yet. */
export function createBell(): Bell {
  let heard: Landing | undefined;
  let rung = Promise.withResolvers<void>();
  return {
    ring(landing) {
      heard = landing ?? heard;
      rung.resolve();
    },
    async wait(atMostMs) {
      await pTimeout(rung.promise, { milliseconds: atMostMs, fallback: () => undefined });
      rung = Promise.withResolvers();
      return heard;
    },
  };
}
