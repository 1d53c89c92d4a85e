import { join } from 'node:path';
import type { Config } from '../shared/config.ts';
import { keepRunning } from './keep-running.ts';
import { type LineSink, type LogFile, openLogFile } from './log-file.ts';
import type { ManagedProcess } from './managed-process.ts';

/** Who stops first when the stack stops: nobody may lose what he still needs. */
export const stopOrder = ['gateway', 'worker', 'emulator', 'redis'] as const;

/** A place in the order of stopping. */
export type StopRank = (typeof stopOrder)[number];

/** What every part of one stack shares while it starts and runs. */
export interface StackContext {
  readonly config: Config;
  readonly env: NodeJS.ProcessEnv;
  /** Aborted when the start fails or the stack stops: nothing more is started, no crashed process revived. */
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
  readonly warn: (text: string) => void;
  /** A sink for a process's log file. */
  logOf(name: string): LineSink;
  /** Takes care of a started process: it is stopped in its rank's turn and, if so wished, revived after a crash. */
  own<P extends ManagedProcess<unknown>>(rank: StopRank, process: P): P;
}

/** The part of the context that only `startStack` needs. */
export interface OwnedParts {
  readonly logs: readonly LogFile[];
  processes(rank: StopRank): readonly ManagedProcess<unknown>[];
}

/** What the context is made of. */
export interface ContextOptions {
  readonly config: Config;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
  readonly warn: (text: string) => void;
  readonly restartCrashed: boolean;
}

/** Makes the context of one stack, and the list of what it comes to own. */
export function createContext(options: ContextOptions): StackContext & OwnedParts {
  const { config, env, signal, say, warn } = options;
  const logs: LogFile[] = [];
  const owned: { rank: StopRank; process: ManagedProcess<unknown> }[] = [];
  return {
    config,
    env,
    signal,
    say,
    warn,
    logs,
    logOf: (name) => {
      const log = openLogFile(join(config.dataFolder, 'logs'), name);
      logs.push(log);
      return log.write;
    },
    own: (rank, process) => {
      owned.push({ rank, process });
      if (options.restartCrashed) keepRunning(process, { say: warn, signal });
      return process;
    },
    processes: (rank) => owned.filter((o) => o.rank === rank).map((o) => o.process),
  };
}
