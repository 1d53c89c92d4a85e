import cluster, { type Worker } from 'node:cluster';
import { AggregatorRegistry } from 'prom-client';
import type { Config } from '../shared/config.ts';
import { createLogger, type Logger } from '../shared/log.ts';
import type { Role } from '../shared/role-process.ts';
import { openSideDoor } from '../shared/side-door.ts';

const READY_WITHIN_MS = 30_000;
const STOP_WITHIN_MS = 25_000;
const RESTART_MS = 500;

/** Runs the gateway's serving processes, replaces those that die, and opens the admin port for all of them. */
export async function supervise(config: Config): Promise<Role> {
  const log = createLogger('gateway-supervisor', config.logLevel);
  const metrics = new AggregatorRegistry();
  const door = await openSideDoor(config.admin, {
    '/healthz': () => ({ status: 200, contentType: 'application/json', body: '{"status":"up"}\n' }),
    '/metrics': async () => ({
      status: 200,
      contentType: metrics.contentType,
      body: await metrics.clusterMetrics(),
    }),
  });
  const stopping = new AbortController();
  replaceTheDead(log, stopping.signal);
  try {
    const ready = Array.from({ length: config.gateway.processes }, () => whenReady(cluster.fork()));
    const [address] = await Promise.all(ready);
    log.info(
      { gateway: address, admin: door.url, processes: config.gateway.processes },
      'gateway is up',
    );
    return {
      addresses: { gateway: String(address), admin: door.url },
      async [Symbol.asyncDispose]() {
        stopping.abort();
        await stopAll();
        await door[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    stopping.abort();
    await stopAll();
    await door[Symbol.asyncDispose]();
    throw error;
  }
}

function replaceTheDead(log: Logger, stopping: AbortSignal): void {
  cluster.on('exit', (worker, code, signal) => {
    if (stopping.aborted) return;
    log.error(
      { pid: worker.process.pid, code, signal },
      'a gateway process died; another takes its place',
    );
    setTimeout(() => {
      if (!stopping.aborted)
        whenReady(cluster.fork()).catch((error: unknown) => log.error(String(error)));
    }, RESTART_MS);
  });
}

/** The address that a serving process says it listens on; rejects when it ends or stays silent before. */
async function whenReady(worker: Worker): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error('a gateway process was not ready in time')),
      READY_WITHIN_MS,
    );
    worker.on('message', (message: unknown) => {
      const address = addressIn(message);
      if (address === undefined) return;
      clearTimeout(timer);
      resolve(address);
    });
    worker.once('exit', (code) => {
      clearTimeout(timer);
      reject(new ServingFailed(code));
    });
  });
}

/** A serving process that ended before it was ready; it has said why on standard error. */
class ServingFailed extends Error {
  constructor(code: number) {
    super(`a gateway process ended with code ${code} before it was ready`);
    this.name = 'ServingFailed';
  }
}

function addressIn(message: unknown): string | undefined {
  const { ready, addresses } = (message ?? {}) as {
    ready?: unknown;
    addresses?: { gateway?: unknown };
  };
  return ready === true ? String(addresses?.gateway) : undefined;
}

async function stopAll(): Promise<void> {
  const workers = Object.values(cluster.workers ?? {}).filter((worker) => worker !== undefined);
  await Promise.all(
    workers.map(
      (worker) =>
        new Promise<void>((resolve) => {
          const timer = setTimeout(() => worker.process.kill('SIGKILL'), STOP_WITHIN_MS);
          worker.once('exit', () => {
            clearTimeout(timer);
            resolve();
          });
          worker.process.kill('SIGTERM');
        }),
    ),
  );
}
