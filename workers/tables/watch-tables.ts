import { bounded } from '../../shared/bounded.ts';
import { lookOnce, type LookParts } from './look-once.ts';
import type { WatchTurn } from './watch-turn.ts';

/** How long a worker that stops waits for the look that is under way. */
const LAST_LOOK_MS = 1_000;

/** Looks at the tables behind the queries that are fresh while these are unchanged. */
export interface TableWatch {
  start(): void;
  /** Looks no more, and leaves the turn to the next worker; best effort. */
  stop(): Promise<void>;
  /** One look, if it is this worker's turn. Never rejects, and joins the one that is under way. */
  tick(): Promise<void>;
}

/** What a watch works with. */
export interface TableWatchParts extends LookParts {
  readonly periodMs: number;
  readonly turn: WatchTurn;
}

/** The watch of one worker process. */
export function createTableWatch(parts: TableWatchParts): TableWatch {
  const { periodMs, turn, events } = parts;
  let looking: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  const takeTurn = async () => {
    if (!(await turn.take())) return events.rested();
    try {
      await lookOnce(parts);
    } finally {
      await turn.end();
    }
  };
  const tick = () => {
    looking ??= takeTurn()
      .catch((error: unknown) => {
        if (!isOver) events.watchFailed(error);
      })
      .finally(() => {
        looking = undefined;
      });
    return looking;
  };
  return {
    start() {
      if (isOver) return;
      void tick();
      timer ??= setInterval(() => void tick(), periodMs).unref();
    },
    async stop() {
      isOver = true;
      clearInterval(timer);
      await bounded(looking ?? Promise.resolve(), LAST_LOOK_MS, 'the last look').catch(
        () => undefined,
      );
      await turn.giveUp().catch(() => undefined);
    },
    tick,
  };
}
