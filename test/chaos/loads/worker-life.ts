import { setTimeout as sleep } from 'node:timers/promises';
import type { Chaos } from '../row.ts';

const reviveAfterMs = 250;
const lookEveryMs = 50;

/** How many query threads have ended by themselves in the workers that run now, by their own metrics. */
export async function threadEnds({ stack }: Pick<Chaos, 'stack'>): Promise<number> {
  const counts = await Promise.all(
    stack.workers.map(async ({ ready }) => {
      const response = await fetch(`${ready['worker']}/metrics`);
      const count = /^punctual_thread_ends_total (\d+)/m.exec(await response.text())?.[1];
      return Number(count ?? 0);
    }),
  );
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Starts every worker that ends again, as whoever runs them would; the result stops that and says how many have ended. */
export function reviveWorkers({ stack, watchProcesses }: Chaos): () => Promise<number> {
  const over = new AbortController();
  let ended = 0;
  const reviving = Promise.all(
    stack.workers.map(async (worker) => {
      while (!over.signal.aborted) {
        await sleep(lookEveryMs);
        if (worker.isRunning()) continue;
        ended += 1;
        await sleep(reviveAfterMs);
        await worker.restart();
        await watchProcesses();
      }
    }),
  );
  return async () => {
    over.abort();
    await reviving;
    return ended;
  };
}
