import cluster from 'node:cluster';
import { createServer } from 'node:http';
import type { Logger } from '../../shared/log.ts';
import { listen } from '../../shared/side-door.ts';
import { createBackOff } from './back-off.ts';
import { PULSE } from './heartbeat.ts';
import type { ServedQuery } from './messages.ts';
import { type ServingProcess, startServing } from './serving-process.ts';
import { V8_FLAGS } from './v8-flags.ts';

/** How many processes serve, where, and who hears of those that end. */
export interface FleetOptions {
  readonly processes: number;
  readonly host: string;
  /** 0 for any. */
  readonly port: number;
  readonly log: Logger;
  /** Told whenever a process has ended that should not have. */
  readonly onLost: () => void;
  readonly pulse?: { readonly everyMs: number; readonly unanswered: number };
}

/** The serving processes, which share one port; each that ends is replaced. */
export interface Fleet {
  readonly address: string;
  /** The queries that are served. */
  queries(): readonly ServedQuery[];
  /** The metrics of each process that answers now. */
  metrics(): Promise<readonly (readonly object[])[]>;
  /** Lets all of them finish what is under way; who has not ended in time is killed. */
  stop(): Promise<void>;
}

/** Long enough for the longest answer and all before and after it, short enough for those who stop us. */
const STOP_WITHIN_MS = 23_000;

/** Starts the processes and waits for all; rejects, with none left, when one of them does not become ready. */
export async function startFleet(options: FleetOptions): Promise<Fleet> {
  const { log, onLost, pulse = PULSE } = options;
  cluster.setupPrimary({ execArgv: [...process.execArgv, ...V8_FLAGS] });
  const running = new Set<ServingProcess>();
  const ready = new Set<ServingProcess>();
  const restarts = new Set<NodeJS.Timeout>();
  let isStopping = false;
  let queries: readonly ServedQuery[] = [];
  let { port } = options;

  function launch(backOff: (livedMs: number) => number): ServingProcess {
    const startedMs = performance.now();
    const serving = startServing(cluster.fork({ PORT: String(port) }), {
      log,
      pulse,
      onServes: (all) => (queries = all),
    });
    running.add(serving);
    serving.ready.then(
      () => ready.add(serving),
      () => undefined,
    );
    void serving.exited.then((exit) => {
      running.delete(serving);
      ready.delete(serving);
      if (isStopping) return;
      const delayMs = backOff(performance.now() - startedMs);
      log.error({ ...exit, delayMs }, 'a gateway process died; another takes its place');
      onLost();
      const restart = setTimeout(() => {
        restarts.delete(restart);
        // Whether it becomes ready or not: when it does not, it ends, and that is heard above.
        launch(backOff).ready.catch((error: unknown) => log.error(String(error)));
      }, delayMs);
      restarts.add(restart);
    });
    return serving;
  }
  async function stop(): Promise<void> {
    isStopping = true;
    for (const restart of restarts) clearTimeout(restart);
    await Promise.all([...running].map((serving) => serving.stop(STOP_WITHIN_MS)));
  }
  async function metrics(): Promise<readonly (readonly object[])[]> {
    const all = await Promise.all([...ready].map((serving) => serving.metrics()));
    return all.filter((one) => one !== undefined);
  }
  try {
    // Sockets that share a port do not mind another program's that shares it, too.
    if (port > 0) await assertFree(options.host, port);
    const first = launch(createBackOff());
    // Where any port will do, the first process finds it for all.
    if (port === 0) port = Number(new URL(await first.ready).port);
    const others = Array.from({ length: options.processes - 1 }, () => launch(createBackOff()));
    const [address = ''] = await Promise.all([first, ...others].map(({ ready }) => ready));
    return { address, queries: () => queries, metrics, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Rejects with the system's error when somebody listens there already. */
async function assertFree(host: string, port: number): Promise<void> {
  const probe = createServer();
  await listen(probe, host, port);
  await new Promise((resolve) => probe.close(resolve));
}
