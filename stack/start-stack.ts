import { join } from 'node:path';
import { readConfig } from '../shared/config.ts';
import { runningChildren } from './child.ts';
import { claimDirectory } from './claim-directory.ts';
import { createContext, type OwnedParts, type StackContext, stopOrder } from './context.ts';
import { checkPorts } from './check-ports.ts';
import { type RedisPair, startRedisPair } from './redis/redis-pair.ts';
import type { RoleProcess } from './role-process.ts';
import {
  type EnvFor,
  ownEntries,
  type RoleEntries,
  startEmulator,
  startGateway,
  startWorkers,
} from './roles.ts';
import { settleAll } from './settle-all.ts';

/** What to start and how; everything that the settings decide is in `env`. */
export interface StackOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Where the emulator keeps its generated tables; the data folder when left out. */
  readonly datasetFolder?: string;
  /** Told about every step of the start. */
  readonly say?: (text: string) => void;
  /** Told about crashes and restarts, and about warnings in the logs. */
  readonly warn?: (text: string) => void;
  /** Gives up the start when it aborts; a started stack is stopped by `stop` alone. */
  readonly signal?: AbortSignal;
  /** Brings crashed processes back. */
  readonly restartCrashed?: boolean;
  /** Whether a missing Redis may be installed; by default root may. */
  readonly canInstall?: boolean;
  readonly entries?: RoleEntries;
  readonly envFor?: EnvFor;
}

/** A whole Punctual on this machine. */
export interface Stack extends AsyncDisposable {
  readonly addresses: {
    readonly gateway: string;
    readonly admin: string;
    /** Undefined when the warehouse is not ours. */
    readonly emulator: string | undefined;
  };
  readonly gateway: RoleProcess;
  readonly workers: readonly RoleProcess[];
  readonly emulator: RoleProcess | undefined;
  readonly redis: RedisPair;
  /** Stops gateway, workers, emulator and Redis in this order; what does not stop is killed. */
  stop(): Promise<void>;
}

/** Starts everything that the settings do not name a real one for; leaves nothing behind when it throws. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const config = readConfig(options.env);
  await checkPorts(config, options.env);
  const lifetime = new AbortController();
  const claim = await claimDirectory(config.dataFolder);
  const context = createContext({
    config,
    env: roleEnv(options.env, config.dataFolder),
    signal: AbortSignal.any([lifetime.signal, ...(options.signal ? [options.signal] : [])]),
    say: options.say ?? (() => undefined),
    warn: options.warn ?? (() => undefined),
    restartCrashed: options.restartCrashed ?? false,
  });
  let stopping: Promise<void> | undefined;
  const stop = () => {
    lifetime.abort();
    stopping ??= stopAll(context, claim);
    return stopping;
  };
  try {
    const parts = await startParts(context, options, () => lifetime.abort());
    return { ...parts, addresses: addressesOf(parts), stop, [Symbol.asyncDispose]: stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Ends every process of every stack at once, without asking. */
export function killAll(): void {
  for (const child of runningChildren()) child.signalGroup('SIGKILL');
}

type Parts = Pick<Stack, 'gateway' | 'workers' | 'emulator' | 'redis'>;

/** Nobody waits for anything but what he needs: the gateway for Redis, the workers for Redis and the warehouse. */
async function startParts(
  context: StackContext,
  options: StackOptions,
  giveUp: () => void,
): Promise<Parts> {
  const entries = options.entries ?? ownEntries;
  const redis = startRedisPair(context, {
    searchPath: context.env['PATH'] ?? '',
    canInstall: options.canInstall ?? process.getuid?.() === 0,
  });
  const emulator = needsEmulator(context.env)
    ? startEmulator(context, entries, options.datasetFolder ?? context.config.dataFolder)
    : Promise.resolve(undefined);
  const gateway = redis.then((pair) => startGateway(context, entries, pair, options.envFor));
  const workers = settleAll([redis, emulator]).then(([pair, warehouse]) =>
    startWorkers(context, entries, pair, warehouse, options.envFor),
  );
  const all = await settleAll([redis, emulator, gateway, workers], giveUp);
  return { redis: all[0], emulator: all[1], gateway: all[2], workers: all[3] };
}

function needsEmulator(env: NodeJS.ProcessEnv): boolean {
  return !env['BIGQUERY_EMULATOR_HOST'] && !env['BIGQUERY_PROJECT'];
}

/**
 * The roles' environment: ours, with an absolute data folder, without what a test runner tells its own children.
 * Compiled modules are kept, which takes a third off the start of every process.
 */
function roleEnv(env: NodeJS.ProcessEnv, dataFolder: string): NodeJS.ProcessEnv {
  const { NODE_TEST_CONTEXT: _, ...rest } = env;
  return { NODE_COMPILE_CACHE: join(dataFolder, 'compile-cache'), ...rest, DATA_DIR: dataFolder };
}

function addressesOf({ gateway, emulator }: Parts): Stack['addresses'] {
  const { gateway: home, admin } = gateway.ready;
  if (home === undefined || admin === undefined) {
    throw new Error('the gateway did not name its addresses "gateway" and "admin"');
  }
  return { gateway: home, admin, emulator: emulator?.ready['emulator'] };
}

async function stopAll(parts: OwnedParts, claim: AsyncDisposable): Promise<void> {
  for (const rank of stopOrder) {
    await Promise.allSettled(parts.processes(rank).map((process) => process.stop()));
  }
  for (const log of parts.logs) log.close();
  await claim[Symbol.asyncDispose]();
}
