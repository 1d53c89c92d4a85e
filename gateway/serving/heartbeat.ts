/** A process that can be asked for a sign of life. */
export interface Pulse {
  /** Asks for a sign of life; {@link Heartbeat.beat} takes it. */
  readonly ask: () => void;
  /** Told once, when too many questions in a row had no answer. */
  readonly onStuck: () => void;
}

/** Asks one process again and again whether its event loop still turns. */
export interface Heartbeat {
  beat(): void;
  tick(): void;
  start(): void;
  stop(): void;
}

/** How often it asks, and how many questions without an answer make a process stuck: ten seconds. */
export const PULSE = { everyMs: 2_000, unanswered: 5 } as const;

/**
 * A heartbeat that counts questions, not seconds: when this process itself has stood still, frozen or starved, it has
 * asked nothing meanwhile and suspects nobody.
 */
export function createHeartbeat(
  { ask, onStuck }: Pulse,
  { everyMs, unanswered }: { everyMs: number; unanswered: number } = PULSE,
): Heartbeat {
  let open = 0;
  let timer: NodeJS.Timeout | undefined;
  const stop = () => {
    clearInterval(timer);
    timer = undefined;
  };
  const tick = () => {
    if (open >= unanswered) {
      stop();
      onStuck();
      return;
    }
    open++;
    ask();
  };
  return {
    beat: () => (open = 0),
    tick,
    start() {
      timer ??= setInterval(tick, everyMs);
    },
    stop,
  };
}
