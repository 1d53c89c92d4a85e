import type { Query } from '../../shared/catalog/catalog.ts';
import type { FlightJob } from '../../shared/queue/flight-job.ts';
import type { QueryFailure, QueryOutcome } from '../thread/task.ts';

/** A flight of a batched query that shares its warehouse job with others. */
export interface Rider {
  readonly query: Query;
  readonly job: FlightJob;
  /** Resolves once. */
  readonly ridden: Promise<Ridden>;
  /** The outcome is known. */
  readonly isSettled: boolean;
  settle(outcome: QueryOutcome, wasAlone: boolean): void;
  /**
   * Aborts when the flight is given up: with `abandon` it leaves its warehouse job to others, with any other reason nobody
   * wants it any more.
   */
  readonly signal: AbortSignal;
}

/** The flight's own outcome, and whether it had its job and its thread for itself. */
export interface Ridden {
  readonly outcome: QueryOutcome;
  readonly wasAlone: boolean;
}

/** A rider who leaves at once when his signal says `abandon`; who is only not wanted rides along, for his rows cost nothing more. */
export function createRider(query: Query, job: FlightJob, signal: AbortSignal): Rider {
  const { promise, resolve } = Promise.withResolvers<Ridden>();
  let isSettled = false;
  const settle = (outcome: QueryOutcome, wasAlone: boolean) => {
    isSettled = true;
    signal.removeEventListener('abort', leave);
    resolve({ outcome, wasAlone });
  };
  const leave = () => {
    if (signal.reason === 'abandon') settle(LEFT, false);
  };
  const rider: Rider = {
    query,
    job,
    ridden: promise,
    get isSettled() {
      return isSettled;
    },
    settle,
    signal,
  };
  signal.addEventListener('abort', leave, { once: true });
  if (signal.aborted) leave();
  return rider;
}

const LEFT: QueryFailure = {
  ok: false,
  code: 'timeout',
  detail: 'left to another',
  job: 'running',
};

/** Who is to hear that nobody is left; disposing it lets go of the riders, whose signals would keep them for good. */
export interface LastWord extends Disposable {
  readonly signal: AbortSignal;
}

/** Its signal aborts once none of the riders is wanted: with `cancel`, unless one has left the job to another. */
export function allGone(riders: readonly Rider[]): LastWord {
  const gone = new AbortController();
  const look = () => {
    if (!riders.every(({ signal }) => signal.aborted)) return;
    const isLeft = riders.some(({ signal }) => signal.reason === 'abandon');
    gone.abort(isLeft ? 'abandon' : 'cancel');
  };
  for (const { signal } of riders) signal.addEventListener('abort', look, { once: true });
  look();
  return {
    signal: gone.signal,
    [Symbol.dispose]() {
      for (const { signal } of riders) signal.removeEventListener('abort', look);
    },
  };
}
