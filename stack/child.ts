import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import pTimeout from 'p-timeout';
import { watchOver } from './watchdog.ts';

/** How a child process ended: its exit code, or the signal that ended it. */
export interface ChildExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Where a line of output came from. */
export type OutputStream = 'stdout' | 'stderr';

/** What to start, and who reads its output and its messages. */
export interface ChildOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly ipc?: boolean;
  readonly onLine?: (stream: OutputStream, line: string) => void;
  readonly onMessage?: (message: unknown) => void;
}

/** A running child in a process group of its own, so that the terminal's Ctrl-C does not reach it. */
export interface Child {
  readonly pid: number;
  readonly exited: Promise<ChildExit>;
  isRunning(): boolean;
  /** The last lines of its output, newest last. */
  lastLines(): readonly string[];
  /** Sends a signal to the child alone; harmless when it has ended. */
  signal(signal: NodeJS.Signals): void;
  /** Sends a signal to the child and everything that it started. */
  signalGroup(signal: NodeJS.Signals): void;
}

const running = new Set<Child>();
const keptLines = 20;
const outputGraceMs = 500;

/** Starts a child that ends with this process, whatever ends this process; rejects when the command cannot run. */
export async function startChild(options: ChildOptions): Promise<Child> {
  const output =
    options.ipc === true ? (['pipe', 'pipe', 'ipc'] as const) : (['pipe', 'pipe'] as const);
  const process = spawn(options.command, options.args, {
    env: options.env,
    detached: true,
    stdio: ['ignore', ...output],
  });
  const lines: string[] = [];
  collectLines(process, options, lines);
  if (options.onMessage !== undefined) process.on('message', options.onMessage);
  const exited = exitOf(process);
  await once(process, 'spawn');
  const pid = pidOf(process);
  const watchdog = watchOver(pid);
  const child: Child = {
    pid,
    exited: exited.then(async (exit) => {
      running.delete(child);
      await watchdog.dismiss();
      return exit;
    }),
    isRunning: () => process.exitCode === null && process.signalCode === null,
    lastLines: () => lines,
    signal: (signal) => void process.kill(signal),
    signalGroup: (signal) => void signalIfAlive(-pid, signal),
  };
  running.add(child);
  return child;
}

/** Every child of this process that has not ended. */
export function runningChildren(): readonly Child[] {
  return [...running];
}

/** Asks a child to end (SIGTERM), ends it and all that it started (SIGKILL) after `graceMs`. */
export async function stopChild(child: Child, graceMs: number): Promise<void> {
  if (child.isRunning()) {
    child.signal('SIGTERM');
    child.signalGroup('SIGCONT');
  }
  await pTimeout(child.exited, { milliseconds: graceMs, fallback: () => undefined });
  child.signalGroup('SIGKILL');
  await child.exited;
}

/** Sends a signal to a process, or to a process group by its negative number; tells whether anybody was there. */
export function signalIfAlive(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

function collectLines(child: ChildProcess, options: ChildOptions, lines: string[]): void {
  const read = (stream: OutputStream, source: Readable | null) => {
    if (source === null) return;
    createInterface({ input: source }).on('line', (line) => {
      lines.push(line);
      if (lines.length > keptLines) lines.shift();
      options.onLine?.(stream, line);
    });
  };
  read('stdout', child.stdout);
  read('stderr', child.stderr);
}

/** Waits for the output too, but not for long: something that the child started may hold it open. */
async function exitOf(child: ChildProcess): Promise<ChildExit> {
  const closed = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
  });
  const exit = await new Promise<ChildExit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  await pTimeout(closed, { milliseconds: outputGraceMs, fallback: () => undefined });
  return exit;
}

function pidOf(child: ChildProcess): number {
  if (child.pid === undefined) throw new Error(`${child.spawnfile} has no process id`);
  return child.pid;
}
