import { setTimeout as sleep } from 'node:timers/promises';
import type { House } from '../house.ts';
import type { Exchange } from '../judges/client/exchange.ts';
import type { JobRecord } from '../judges/warehouse/job-record.ts';
import type { History } from './history.ts';
import type { SoakLoad } from './soak-load.ts';

/** Writes down what judges see, as it happens. */
export interface Recorder {
  /** Looks at once; jobs are written down when they have ended, and those that still run with `isLast`. */
  look(isLast?: boolean): Promise<void>;
  /** Writes down the exchanges of a load. */
  addExchanges(load: SoakLoad, exchanges: readonly Exchange[]): void;
  /** Looks again and again until told to stop. */
  keepLooking(stop: AbortSignal): Promise<void>;
}

const everyMs = 2_000;

/** A recorder of the loads that are under way in a house. */
export function recorderOf(
  { client, warehouse, processes }: House,
  history: History,
  loads: readonly SoakLoad[],
): Recorder {
  const written = new Set<string>();
  let ends = 0;

  function addExchanges({ name, dueMs }: SoakLoad, exchanges: readonly Exchange[]): void {
    for (const exchange of exchanges) {
      const { sentAt, number = 0, path, lastByteMs, status, broken } = exchange;
      const { parts, stamps, faults } = exchange;
      const outcome = status === 304 ? 'not-modified' : exchange.outcome;
      const facts = { lastByteMs, status, outcome, broken, parts, stamps, faults };
      history.add({ type: 'request', at: sentAt, load: name, number, path, dueMs, ...facts });
    }
  }
  function addJob(job: JobRecord): void {
    const { jobId, query, mark, createdAt, endedAt, cancelled, error } = job;
    const facts = { jobId, query, mark, endedAt, cancelled, error };
    history.add({ type: 'job', at: createdAt, ...facts });
    written.add(jobId);
  }
  async function look(isLast = false): Promise<void> {
    for (const load of loads) addExchanges(load, await client.ask('take', load.name));
    for (const job of await warehouse.ask('jobs'))
      if (!written.has(job.jobId) && (isLast || job.endedAt !== undefined)) addJob(job);
    const ended = await processes.ask('ends');
    for (const end of ended.slice(ends)) history.add({ type: 'exit', ...end });
    ends = ended.length;
    const at = Date.now();
    for (const held of await processes.ask('memory')) history.add({ type: 'memory', at, ...held });
  }
  return {
    look,
    addExchanges,
    async keepLooking(stop) {
      while (!stop.aborted) {
        await look();
        await sleep(everyMs, undefined, { signal: stop }).catch(() => undefined);
      }
    },
  };
}
