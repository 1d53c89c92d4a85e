import { CLASSES, type QueryClass } from '../../shared/catalog/policy.ts';
import { type PerClass, perClass, type WorkerLoad } from '../../shared/load/worker-load.ts';
import { createAdaptiveLimit, type FlightResult, type LimitBounds } from './adaptive-limit.ts';

/**
 * Who may run a warehouse job now. Each class has a share of the limit that is always its own; above its share it is let in
 * while the whole is below the limit, so that room that nobody uses is lent. Live goes first, then analyst, then warm.
 */
export interface Bulkheads {
  /** Waits behind those of its class until there is room; rejects with the signal's reason when that aborts first. */
  enter(queryClass: QueryClass, signal?: AbortSignal): Promise<Place>;
  /** What there is now, for metrics and the heartbeat. */
  readonly state: WorkerLoad;
}

/** The right to run one warehouse job. */
export interface Place {
  /** Gives the place back once the warehouse work has really ended; called again it does nothing. */
  leave(result: FlightResult): void;
}

/** How many jobs at once: all together within bounds, and each class at most as many as it takes from its queue. */
export interface BulkheadOptions extends Partial<LimitBounds> {
  readonly concurrency: PerClass;
  readonly now?: () => number;
}

const LEAST = 4;
/** The rest of the limit, should the shares not add up to it, is lent. */
const SHARES: PerClass = { live: 0.6, analyst: 0.3, warm: 0.1 };

/** The bulkheads of one worker process; `most` is what the classes take together unless it is given. */
export function createBulkheads({
  concurrency,
  least = LEAST,
  most = sum(concurrency),
  now = () => performance.now(),
}: BulkheadOptions): Bulkheads {
  const limit = createAdaptiveLimit({ least, most }, now);
  const inFlight = perClass(() => 0);
  const waiters = perClass(() => new Set<Waiter>());

  const places = () => limit.places(sum(inFlight));
  const hasRoom = (name: QueryClass) =>
    inFlight[name] < shareOf(name, places()) || sum(inFlight) < places();
  const letIn = () => {
    for (const name of CLASSES) {
      for (const waiter of waiters[name]) {
        if (!hasRoom(name)) break;
        waiters[name].delete(waiter);
        waiter.enter(take(name));
      }
    }
  };
  const take = (name: QueryClass): Place => {
    inFlight[name] += 1;
    const { era } = limit;
    let isTaken = true;
    return {
      leave(result) {
        if (!isTaken) return;
        isTaken = false;
        limit.note(result, era, sum(inFlight));
        inFlight[name] -= 1;
        letIn();
      },
    };
  };

  return {
    enter(name, signal) {
      const entering = wait(waiters[name], signal);
      letIn();
      return entering;
    },
    get state() {
      const now = places();
      const others = (name: QueryClass) => sum(inFlight) - inFlight[name];
      return {
        limit: now,
        inFlight: { ...inFlight },
        waiting: perClass((name) => waiters[name].size),
        places: perClass((name) =>
          Math.min(concurrency[name], Math.max(shareOf(name, now), now - others(name))),
        ),
      };
    },
  };
}

interface Waiter {
  readonly enter: (place: Place) => void;
}

/** Stands in line, first come first served; a set keeps the order and lets anyone leave from the middle. */
function wait(line: Set<Waiter>, signal: AbortSignal | undefined): Promise<Place> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(reasonOf(signal));
      return;
    }
    const giveUp = () => {
      line.delete(waiter);
      if (signal) reject(reasonOf(signal));
    };
    const waiter: Waiter = {
      enter(place) {
        signal?.removeEventListener('abort', giveUp);
        resolve(place);
      },
    };
    signal?.addEventListener('abort', giveUp, { once: true });
    line.add(waiter);
  });
}

/** The house aborts with words for reasons; who awaits gets an error. */
function reasonOf({ reason }: AbortSignal): Error {
  return reason instanceof Error ? reason : new Error(`aborted: ${String(reason)}`);
}

/** A class's own part of a limit, whatever the others do. */
function shareOf(name: QueryClass, limit: number): number {
  return Math.max(1, Math.floor(limit * SHARES[name]));
}

function sum(counts: PerClass): number {
  return counts.live + counts.analyst + counts.warm;
}
