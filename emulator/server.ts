import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { EmulatorConfig } from './config.ts';
import { createFaultRules } from './faults/fault-rules.ts';
import { type JobLimits, Jobs } from './jobs/jobs.ts';
import { createWriteLock } from './jobs/write-lock.ts';
import { createListener } from './rest/listener.ts';
import { openWarehouse } from './warehouse/open-warehouse.ts';

/** A running emulator. */
export interface Emulator extends AsyncDisposable {
  /** Where it listens, e.g. `http://127.0.0.1:9050`. */
  readonly url: string;
}

// Every running query holds one of libuv's threads; one stays free for looking up tables and opening connections.
const connections = Math.max(1, Number(process.env['UV_THREADPOOL_SIZE'] ?? 4) - 1);
const maxResultBytes = 128 * 1024 * 1024;
const keepAliveMs = 65_000;
const jobLimits: JobLimits = {
  maxFinished: 5000,
  maxFinishedBytes: 512 * 1024 * 1024,
  maxAgeMs: 24 * 3_600_000,
  maxUnfinished: 1000,
};

/** Starts an emulator: opens its data, then listens. `report` gets a line for each step of preparing the data. */
export async function createEmulator(
  config: EmulatorConfig,
  report: (line: string) => void = () => {},
): Promise<Emulator> {
  const warehouse = await openWarehouse({ ...config, connections, report });
  const faults = createFaultRules();
  const around = { warehouse, faults, writeLock: createWriteLock(), maxResultBytes };
  const jobs = new Jobs(around, jobLimits);
  const server = createServer(
    { keepAliveTimeout: keepAliveMs },
    createListener({ jobs, faults, warehouse }),
  );
  try {
    server.listen(config.port, config.host);
    await once(server, 'listening');
  } catch (error) {
    await warehouse[Symbol.asyncDispose]();
    throw error;
  }
  return {
    url: addressOf(server),
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      await jobs[Symbol.asyncDispose]();
      await warehouse[Symbol.asyncDispose]();
    },
  };
}

function addressOf(server: Server): string {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address;
  return `http://${host}:${address.port}`;
}
