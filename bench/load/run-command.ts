import { startChild, stopChild } from '../../stack/child.ts';

/** Where a program runs and what ends it before its time. */
export interface Place {
  /** The cores that it may use, as `taskset` takes them; undefined for all. */
  readonly cores: string | undefined;
  readonly signal: AbortSignal;
}

const STOP_WITHIN_MS = 1_000;

/** Runs a program to its end and resolves with its standard output; rejects with its last lines when it fails. */
export async function runCommand(
  command: string,
  args: readonly string[],
  { cores, signal }: Place,
): Promise<string> {
  signal.throwIfAborted();
  const lines: string[] = [];
  const child = await startChild({
    ...onCores(cores, command, args),
    env: { PATH: process.env['PATH'] },
    onLine: (stream, line) => void (stream === 'stdout' && lines.push(line)),
  });
  const stop = () => void stopChild(child, STOP_WITHIN_MS);
  signal.addEventListener('abort', stop, { once: true });
  const exit = await child.exited;
  signal.removeEventListener('abort', stop);
  signal.throwIfAborted();
  if (exit.code === 0) return lines.join('\n');
  const how = exit.signal ?? `exit code ${exit.code}`;
  throw new Error([`${command} ended with ${how}`, ...child.lastLines()].join('\n'));
}

/** A command that keeps to these cores from its first instruction on. */
export function onCores(
  cores: string | undefined,
  command: string,
  args: readonly string[],
): { readonly command: string; readonly args: readonly string[] } {
  if (cores === undefined) return { command, args };
  return { command: 'taskset', args: ['-c', cores, command, ...args] };
}
