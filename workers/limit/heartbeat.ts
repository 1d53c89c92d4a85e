import { BEAT_MS, type WorkerLoads } from '../../shared/load/worker-loads.ts';
import type { WorkerLoad } from '../../shared/load/worker-load.ts';

/** Tells the fleet about once per second that this worker lives and how loaded it is. */
export interface Heartbeat {
  start(): void;
  /** Beats no more, and takes this worker off the list; best effort, within half a second. */
  stop(): Promise<void>;
  /** One beat; never rejects, and does nothing while the last one is under way. */
  tick(): Promise<void>;
}

/** What a heartbeat says and whom it tells. */
export interface HeartbeatParts {
  readonly loads: Pick<WorkerLoads, 'beat' | 'leave'>;
  /** The worker's load at the moment of a beat. */
  readonly load: () => WorkerLoad;
  readonly onError: (error: unknown) => void;
}

/** The heartbeat of one worker process, under an id that nobody else has. */
export function createHeartbeat({ loads, load, onError }: HeartbeatParts): Heartbeat {
  const id = crypto.randomUUID();
  let beating: Promise<void> | undefined;
  let timer: NodeJS.Timeout | undefined;
  const tick = () => {
    beating ??= loads
      .beat(id, load())
      .catch(onError)
      .finally(() => {
        beating = undefined;
      });
    return beating;
  };
  return {
    start() {
      void tick();
      timer ??= setInterval(() => void tick(), BEAT_MS).unref();
    },
    async stop() {
      clearInterval(timer);
      // A beat that is under way does not put the worker on the list again: one connection keeps the order.
      await loads.leave(id).catch(onError);
    },
    tick,
  };
}
