import { MessageChannel } from 'node:worker_threads';
import pTimeout from 'p-timeout';
import { Piscina } from 'piscina';
import type { QueryOutcome, QueryTask } from './thread/task.ts';
import type { ThreadData } from './thread/run-query.ts';

/** A thread confirms its cancel within about nine seconds of its budget's end; one that is silent for longer is stuck. */
const GRACE_MS = 12_000;
const START_MS = 30_000;

/** The threads that run queries: few of them, many queries in each at once. */
export interface QueryThreads {
  /**
   * Runs a query in a thread. Aborting `signal` with the reason `abandon` leaves it at once and lets its warehouse job run;
   * with any other it cancels the job, which takes until the warehouse has confirmed. Never rejects.
   */
  run(task: Omit<QueryTask, 'stop'>, signal: AbortSignal): Promise<QueryOutcome>;
  close(): Promise<void>;
}

/** Starts the threads and waits until one of them has loaded; rejects when they cannot. */
export async function startQueryThreads(
  threads: number,
  data: ThreadData,
  onStray: (error: string) => void,
): Promise<QueryThreads> {
  let pool = openPool(threads, data, onStray);
  const closePool = (old: Piscina) => old.close({ force: true });
  try {
    await pTimeout(pool.run(undefined, { name: 'ready' }), { milliseconds: START_MS });
  } catch (error) {
    await closePool(pool);
    throw error;
  }
  return {
    async run(task, signal) {
      const used = pool;
      const { port1, port2 } = new MessageChannel();
      const stop = () => port1.postMessage(signal.reason === 'abandon' ? 'abandon' : 'cancel');
      signal.addEventListener('abort', stop, { once: true });
      if (signal.aborted) stop();
      try {
        const running: Promise<QueryOutcome> = used.run(
          { ...task, stop: port2 },
          { transferList: [port2] },
        );
        return await pTimeout(running, { milliseconds: task.budgetMs + GRACE_MS });
      } catch (error) {
        // A thread that no longer answers takes its neighbours with it: they fail, and the flights are flown again.
        if (used === pool && isStuck(error)) {
          pool = openPool(threads, data, onStray);
          await closePool(used);
        }
        return {
          ok: false,
          code: 'internal',
          detail: `the thread failed: ${String(error)}`,
          job: 'running',
        };
      } finally {
        signal.removeEventListener('abort', stop);
        port1.close();
      }
    },
    close: () => closePool(pool),
  };
}

function openPool(threads: number, data: ThreadData, onStray: (error: string) => void): Piscina {
  const pool = new Piscina({
    filename: new URL('./thread/run-query.ts', import.meta.url).href,
    minThreads: threads,
    maxThreads: threads,
    concurrentTasksPerWorker: 64,
    // The default puts the thread's event loop to sleep between tasks, and with it the timers and sockets of the others.
    atomics: 'disabled',
    idleTimeout: Number.POSITIVE_INFINITY,
    closeTimeout: 1_000,
    maxQueue: Number.POSITIVE_INFINITY,
    resourceLimits: { maxOldGenerationSizeMb: 1_024 },
    workerData: data,
  });
  pool.on('error', (error: Error) => onStray(String(error)));
  pool.on('message', (message: unknown) => {
    if (message && typeof message === 'object' && 'strayError' in message)
      onStray(String(message.strayError));
  });
  return pool;
}

function isStuck(error: unknown): boolean {
  return error instanceof Error && error.name === 'TimeoutError';
}
