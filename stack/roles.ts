import type { StackContext, StopRank } from './context.ts';
import { noticeOf } from './notice.ts';
import type { RedisPair } from './redis/redis-pair.ts';
import { type RoleProcess, startRole } from './role-process.ts';
import { settleAll } from './settle-all.ts';

/** The module that each role runs: a path in the repository or a file URL. */
export interface RoleEntries {
  readonly emulator: string;
  readonly worker: string;
  readonly gateway: string;
}

/** The roles as they are deployed. */
export const ownEntries: RoleEntries = {
  emulator: 'emulator/main.ts',
  worker: 'workers/main.ts',
  gateway: 'gateway/main.ts',
};

/** What a role is told of the parts that it needs; the emulator's address is undefined when the warehouse is not ours. */
export interface NeededParts {
  readonly queueUrl: string;
  readonly cacheUrl: string;
  readonly emulator: string | undefined;
}

/** Settings for one role beside and before those of the stack: for a test that puts something between the parts. */
export type EnvFor = (
  role: 'gateway' | 'worker',
  needs: NeededParts,
) => NodeJS.ProcessEnv | Promise<NodeJS.ProcessEnv>;

// A first start generates the dataset, which takes a minute on a good machine and longer on a busy one.
const emulatorReadyWithinMs = 900_000;
const readyWithinMs = 60_000;
// Longer than the longest answer: a stopping gateway finishes what it has begun.
const stopWithinMs = 25_000;

/** Starts the stand-in warehouse; `datasetFolder` is where its generated tables are kept. */
export function startEmulator(
  context: StackContext,
  entries: RoleEntries,
  datasetFolder: string,
): Promise<RoleProcess> {
  return start(context, {
    name: 'emulator',
    rank: 'emulator',
    entry: entries.emulator,
    // A query blocks one of libuv's threads while it runs, and there are four unless told otherwise.
    env: { DATA_DIR: datasetFolder, UV_THREADPOOL_SIZE: '16' },
    portSettings: { emulator: 'EMULATOR_PORT' },
    readyWithinMs: emulatorReadyWithinMs,
  });
}

/** Starts the worker processes; `emulator` is undefined when the warehouse is the real one. */
export async function startWorkers(
  context: StackContext,
  entries: RoleEntries,
  redis: RedisPair,
  emulator: RoleProcess | undefined,
  envFor?: EnvFor,
): Promise<RoleProcess[]> {
  const extra = await envFor?.('worker', neededParts(redis, emulator));
  const count = context.config.worker.processes;
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  return settleAll(
    numbers.map((number) =>
      start(context, {
        name: count === 1 ? 'worker' : `worker-${number}`,
        rank: 'worker',
        entry: entries.worker,
        env: { ...redisEnv(redis), ...warehouseEnv(emulator), WORKER_PORT: '0', ...extra },
        portSettings: { worker: 'WORKER_PORT' },
        readyWithinMs,
      }),
    ),
  );
}

/** Starts the gateway, which needs the stores and never the warehouse. */
export async function startGateway(
  context: StackContext,
  entries: RoleEntries,
  redis: RedisPair,
  envFor?: EnvFor,
): Promise<RoleProcess> {
  const extra = await envFor?.('gateway', neededParts(redis, undefined));
  return start(context, {
    name: 'gateway',
    rank: 'gateway',
    entry: entries.gateway,
    env: { ...redisEnv(redis), ...extra },
    portSettings: { gateway: 'PORT', admin: 'ADMIN_PORT' },
    readyWithinMs,
  });
}

interface RoleStart {
  readonly name: string;
  readonly rank: StopRank;
  readonly entry: string;
  readonly env: NodeJS.ProcessEnv;
  readonly portSettings: Readonly<Record<string, string>>;
  readonly readyWithinMs: number;
}

async function start(context: StackContext, role: RoleStart): Promise<RoleProcess> {
  const { name, entry, portSettings } = role;
  const write = context.logOf(name);
  // What a role says before it is ready is progress, or is shown with the failure of its start.
  let isReady = false;
  const process = await startRole({
    name,
    entry,
    portSettings,
    env: { ...context.env, ...role.env },
    readyWithinMs: role.readyWithinMs,
    stopWithinMs,
    log: (stream, line) => {
      write(stream, line);
      const notice = isReady ? noticeOf(stream, line) : undefined;
      if (notice !== undefined) context.warn(`${name}: ${notice}`);
    },
    onProgress: (text) => context.say(`${name}: ${text}`),
    signal: context.signal,
  });
  isReady = true;
  context.say(`${name} is ready`);
  return context.own(role.rank, process);
}

function neededParts(redis: RedisPair, emulator: RoleProcess | undefined): NeededParts {
  const { queueUrl, cacheUrl } = redis;
  return { queueUrl, cacheUrl, emulator: emulator?.ready['emulator'] };
}

function redisEnv(redis: RedisPair): NodeJS.ProcessEnv {
  return { REDIS_QUEUE_URL: redis.queueUrl, REDIS_CACHE_URL: redis.cacheUrl };
}

function warehouseEnv(emulator: RoleProcess | undefined): NodeJS.ProcessEnv {
  const url = emulator?.ready['emulator'];
  return url === undefined
    ? {}
    : { BIGQUERY_EMULATOR_HOST: new URL(url).host, BIGQUERY_PROJECT: 'punctual' };
}
