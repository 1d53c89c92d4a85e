import type { Worker } from 'node:cluster';
import { once } from 'node:events';
import pTimeout from 'p-timeout';
import type { Logger } from '../../shared/log.ts';
import { createHeartbeat } from './heartbeat.ts';
import {
  BEAT_QUESTION,
  METRICS_QUESTION,
  parseServingMessage,
  type ServedQuery,
} from './messages.ts';

/** One process that serves, from its start to its end. */
export interface ServingProcess {
  /** The address that it says it listens on; rejects when it ends or stays silent before. */
  readonly ready: Promise<string>;
  /** How it ended, once it has. */
  readonly exited: Promise<ServingExit>;
  /** Its metrics as they are now; undefined while it does not answer. */
  metrics(): Promise<readonly object[] | undefined>;
  /** SIGTERM, and SIGKILL when it has not ended in time. */
  stop(withinMs: number): Promise<void>;
}

/** How a serving process ended, by its process id. */
export interface ServingExit {
  readonly serving: number | undefined;
  readonly code: number | null;
  readonly signal: string | null;
}

/** Who hears what the process says, and how often it is asked whether it lives. */
export interface ServingOptions {
  readonly log: Logger;
  readonly pulse: { readonly everyMs: number; readonly unanswered: number };
  readonly onServes: (queries: readonly ServedQuery[]) => void;
}

const READY_WITHIN_MS = 30_000;
const METRICS_WITHIN_MS = 1_000;

/** Takes a process that has just been forked in charge: from when it is ready its event loop must turn, or it is killed. */
export function startServing(worker: Worker, options: ServingOptions): ServingProcess {
  const { log, pulse, onServes } = options;
  const { pid } = worker.process;
  const whenReady = Promise.withResolvers<string>();
  const kill = () => void worker.process.kill('SIGKILL');
  let whenMeasured = Promise.withResolvers<readonly object[]>();
  const say = (said: object) => {
    if (worker.isConnected()) worker.send(said, () => undefined);
  };
  const onStuck = () => {
    log.error({ serving: pid }, 'a gateway process is stuck and is killed');
    kill();
  };
  const heartbeat = createHeartbeat({ ask: () => say(BEAT_QUESTION), onStuck }, pulse);
  worker.on('message', (message: unknown) => {
    heartbeat.beat();
    const said = parseServingMessage(message);
    if (said?.kind === 'serves') onServes(said.queries);
    if (said?.kind === 'metrics') {
      whenMeasured.resolve(said.metrics);
      whenMeasured = Promise.withResolvers();
    }
    if (said?.kind !== 'ready') return;
    heartbeat.start();
    whenReady.resolve(said.address);
  });
  const exited = exitOf(worker).finally(() => heartbeat.stop());
  void exited.then(({ code }) => whenReady.reject(new ServingFailed(code)));
  return {
    exited,
    ready: pTimeout(whenReady.promise, {
      milliseconds: READY_WITHIN_MS,
      message: 'a gateway process was not ready in time',
    }).catch((error: unknown) => {
      kill();
      throw error;
    }),
    metrics() {
      const { promise } = whenMeasured;
      say(METRICS_QUESTION);
      return pTimeout(promise, { milliseconds: METRICS_WITHIN_MS, fallback: () => undefined });
    },
    async stop(withinMs) {
      worker.process.kill('SIGTERM');
      await pTimeout(exited, { milliseconds: withinMs, fallback: kill });
      await exited;
    },
  };
}

async function exitOf(worker: Worker): Promise<ServingExit> {
  const [code, signal] = await once(worker, 'exit');
  return { serving: worker.process.pid, code, signal };
}

/** A serving process that ended before it was ready; it has said why on standard error. */
class ServingFailed extends Error {
  constructor(code: number | null) {
    super(`a gateway process ended with code ${code} before it was ready`);
    this.name = 'ServingFailed';
  }
}
