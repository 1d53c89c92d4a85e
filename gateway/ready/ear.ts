import type { Redis } from 'ioredis';

/**
 * Whether this process hears what is announced to the fleet. A connection that is lost is noticed when it closes, one that is
 * merely dead by the questions that nobody answers.
 */
export interface Ear {
  /** Whether it has heard something within the last second, by the monotonic clock. */
  hears(nowMs: number): boolean;
  start(): void;
  stop(): void;
}

/** What an ear listens through, and whom it tells. */
export interface EarParts {
  readonly subscriber: Pick<Redis, 'on' | 'off' | 'ping' | 'status'>;
  /** Something may have been announced that was not heard. */
  readonly onDeaf: () => void;
  /** Milliseconds of a monotonic clock. */
  readonly now?: () => number;
}

const ASK_EVERY_MS = 250;
const DEAF_AFTER_MS = 1_000;

/** An ear that has not heard anything yet. */
export function createEar({ subscriber, onDeaf, now = () => performance.now() }: EarParts): Ear {
  let heardMs = Number.NEGATIVE_INFINITY;
  let asking: NodeJS.Timeout | undefined;
  let connection = 0;
  const hears = (nowMs: number) => nowMs - heardMs < DEAF_AFTER_MS;
  const noteHeard = () => {
    // What came between may have been said while nobody listened.
    const nowMs = now();
    if (!hears(nowMs)) onDeaf();
    heardMs = nowMs;
  };
  const noteLost = () => {
    connection++;
    heardMs = Number.NEGATIVE_INFINITY;
    onDeaf();
  };
  const ask = () => {
    if (subscriber.status !== 'ready') return;
    const asked = connection;
    subscriber.ping().then(
      () => asked === connection && noteHeard(),
      () => undefined,
    );
  };
  return {
    hears,
    start() {
      if (asking) return;
      subscriber.on('close', noteLost);
      asking = setInterval(ask, ASK_EVERY_MS);
      ask();
    },
    stop() {
      clearInterval(asking);
      asking = undefined;
      subscriber.off('close', noteLost);
    },
  };
}
