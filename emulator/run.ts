import { type EmulatorConfig, readEmulatorConfig } from './config.ts';
import { announceProgress, announceReady, leaveParent, stopRequest } from './process-life.ts';
import { createEmulator } from './server.ts';

/** Runs the emulator as a process until it is asked to stop; gives the exit code: 0 stopped, 1 could not start, 2 wrong settings. */
export async function runEmulator(env: NodeJS.ProcessEnv): Promise<number> {
  const stop = stopRequest();
  const reading = readEmulatorConfig(env);
  if (!reading.ok) {
    writeLine(`The emulator cannot start:\n  ${reading.problems.join('\n  ')}`);
    leaveParent();
    return 2;
  }
  try {
    await serveUntil(stop, reading.config);
    return 0;
  } catch (error) {
    writeLine(
      `The emulator cannot start: ${error instanceof Error ? error.message : String(error)}`,
    );
    return 1;
  } finally {
    leaveParent();
  }
}

async function serveUntil(stop: Promise<void>, config: EmulatorConfig): Promise<void> {
  const isQuiet = !['trace', 'debug', 'info'].includes(config.logLevel);
  const report = (line: string) => {
    if (!isQuiet) writeLine(line);
    announceProgress(line);
  };
  // DuckDB cannot be stopped while it makes the dataset; nothing unfinished is left behind if the process just ends.
  const stopEarly = stop.then(() => 'stopped' as const);
  const emulator = await Promise.race([createEmulator(config, report), stopEarly]);
  if (emulator === 'stopped') process.exit(0);
  await using running = emulator;
  if (!isQuiet) writeLine(`The emulator listens on ${running.url}`);
  announceReady({ emulator: running.url });
  await stop;
}

function writeLine(line: string): void {
  process.stderr.write(`${line}\n`);
}
