import { setImmediate } from 'node:timers/promises';
import { Piscina } from 'piscina';
import type { ThreadData } from '../thread/run-query.ts';
import { watchBeat } from './watch-beat.ts';

/**
 * A thread at its limit gets 16 MB of leeway to end in. One collection may move a whole young generation into them, and
 * when they do not hold it V8 ends the process: so it is kept smaller than by default.
 */
const YOUNG_HEAP_MB = 16;

/** Who hears of what goes wrong in threads. */
export interface ThreadNews {
  readonly onError: (error: string) => void;
  /** A thread has ended by itself, and why. */
  readonly onEnd: (why: string) => void;
}

/** What every thread of a process is started with. */
export interface ThreadSettings extends ThreadNews {
  readonly data: ThreadData;
  /** Beyond this a thread ends, and not the process. */
  readonly maxHeapMb: number;
}

/** A thread from its start to its end. It is never started again: who replaces it decides when. */
export interface ThreadLife {
  /** A pool of this one thread; calls reject when the thread ends under them. */
  readonly pool: Piscina;
  readonly isOver: boolean;
  /** Remembers a reason, unless one is known already. */
  blame(cause: unknown): void;
  /** Ends the thread at once, and with it all that runs in it; gives the reason, when it was over already the earlier one. */
  end(): Promise<string>;
}

/** Starts a thread with the pool's first call, and ends it when it makes no beat any more. `onEnd` hears of the end at once. */
export function beginLife(
  { data, maxHeapMb, onError }: ThreadSettings,
  onEnd: () => void,
): ThreadLife {
  const beat = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const pool = openPool({ ...data, beat }, maxHeapMb);
  const over = Promise.withResolvers<string>();
  let isOver = false;
  let cause: string | undefined;
  const blame = (why: unknown) => {
    cause ??= String(why);
  };
  const end = async (): Promise<string> => {
    if (isOver) return over.promise;
    isOver = true;
    stopWatch();
    onEnd();
    // piscina tells that a thread has ended before it tells why, and before it has let go of it.
    await setImmediate();
    await pool.destroy();
    over.resolve(cause ?? 'no reason is known');
    return over.promise;
  };
  const stopWatch = watchBeat(beat, () => {
    blame('it made no beat for too long');
    void end();
  });
  pool.on('error', blame);
  // Without an end of ours, what waits in the pool's queue would wait there for good.
  pool.on('workerDestroy', () => void end());
  pool.on('message', (message: unknown) => {
    if (message && typeof message === 'object' && 'strayError' in message)
      onError(String(message.strayError));
  });
  return {
    pool,
    get isOver() {
      return isOver;
    },
    blame,
    end,
  };
}

function openPool(workerData: ThreadData & { beat: Int32Array }, maxHeapMb: number): Piscina {
  return new Piscina({
    filename: new URL('../thread/run-query.ts', import.meta.url).href,
    minThreads: 0,
    maxThreads: 1,
    concurrentTasksPerWorker: 1_000,
    // The default puts the thread's event loop to sleep between tasks, and with it the timers and sockets of the others.
    atomics: 'disabled',
    idleTimeout: Number.POSITIVE_INFINITY,
    maxQueue: Number.POSITIVE_INFINITY,
    resourceLimits: {
      maxOldGenerationSizeMb: maxHeapMb,
      maxYoungGenerationSizeMb: YOUNG_HEAP_MB,
    },
    workerData,
  });
}
