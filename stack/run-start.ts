import { ConfigError } from '../shared/config.ts';
import { helpText } from './help-text.ts';
import type { RoleEntries } from './roles.ts';
import { StackError } from './stack-error.ts';
import { killAll, type Stack, startStack } from './start-stack.ts';
import { listenForStop, type StopRequest } from './stop-request.ts';
import { createTerminal, type Terminal } from './terminal.ts';
import { watchSources } from './watch-sources.ts';
import { welcomeText } from './welcome-text.ts';

/** Arguments and environment of the start command. */
export interface StartCommand {
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly entries?: RoleEntries;
  readonly canInstall?: boolean;
}

/** Runs the whole of Punctual until it is asked to stop; returns the exit code. */
export async function runStart(command: StartCommand): Promise<number> {
  const terminal = createTerminal();
  if (command.args.includes('--help')) {
    terminal.line(helpText);
    return 0;
  }
  const unknown = command.args.filter((arg) => arg !== '--watch');
  if (unknown.length > 0) {
    terminal.fail(`Unknown argument ${unknown.join(' ')}; --help lists what there is.`);
    return 2;
  }
  const stop = listenForStop(killAll);
  try {
    return await runUntilStopped(command, terminal, stop);
  } catch (error) {
    return explain(error, terminal, stop);
  } finally {
    stop.dispose();
  }
}

async function runUntilStopped(
  command: StartCommand,
  terminal: Terminal,
  stop: StopRequest,
): Promise<number> {
  const { args, ...options } = command;
  await using stack = await startStack({
    ...options,
    say: terminal.step,
    warn: terminal.warn,
    signal: stop.signal,
    restartCrashed: true,
  });
  terminal.line(welcomeText(stack.addresses, terminal.strong));
  using _watch = args.includes('--watch') ? watch(stack, terminal) : undefined;
  await stop.asked;
  terminal.line();
  terminal.step('stopping');
  await stack.stop();
  terminal.step('stopped');
  return 0;
}

function watch(stack: Stack, terminal: Terminal): Disposable {
  terminal.step('watching the sources: a change restarts the roles that it concerns');
  return watchSources(stack, terminal);
}

function explain(error: unknown, terminal: Terminal, stop: StopRequest): number {
  if (stop.signal.aborted) {
    terminal.step('stopped');
    return 0;
  }
  if (error instanceof StackError) {
    terminal.fail(error.message);
    return error.exitCode;
  }
  if (error instanceof ConfigError) {
    terminal.fail(error.message);
    return 2;
  }
  throw error;
}
