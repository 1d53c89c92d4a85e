import pTimeout from 'p-timeout';
import type { Announcement } from '../../shared/flight/landing.ts';

/** Wakes who waits for it, or, when nobody does, the next who will. */
export interface Bell {
  /** Wakes, for what was announced of the flight or because something else has changed. */
  ring(announcement?: Announcement): void;
  /** Resolves at the next ring, or after so long, with what was announced last. */
  wait(atMostMs: number): Promise<Announcement | undefined>;
}

/** A bell that nobody has rung yet. */
export function createBell(): Bell {
  let heard: Announcement | undefined;
  let rung = Promise.withResolvers<void>();
  return {
    ring(announcement) {
      heard = announcement ?? heard;
      rung.resolve();
    },
    async wait(atMostMs) {
      await pTimeout(rung.promise, { milliseconds: atMostMs, fallback: () => undefined });
      rung = Promise.withResolvers();
      return heard;
    },
  };
}
