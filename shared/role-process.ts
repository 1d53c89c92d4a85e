import { createLogger } from './log.ts';

/** A running role: what it listens on, and how it ends. */
export interface Role extends AsyncDisposable {
  readonly addresses: Readonly<Record<string, string>>;
}

/**
 * Runs a role as a process: says over IPC when it is ready, and stops it once on SIGTERM, SIGINT or when the parent is
 * gone. Exit code 2 says that settings or catalog are wrong, 1 that the start failed otherwise.
 */
export async function runRole(name: string, start: () => Promise<Role>): Promise<void> {
  try {
    const role = await start();
    stopWhenTold(name, role);
    process.send?.({ ready: true, addresses: role.addresses });
  } catch (error) {
    process.exitCode = error instanceof Error && 'problems' in error ? 2 : 1;
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    if (process.exitCode === 1 && error instanceof Error) process.stderr.write(`${error.stack}\n`);
    if (process.connected) process.disconnect();
    exitSoon();
  }
}

function stopWhenTold(name: string, role: Role): void {
  let stopping = false;
  const stop = (why: string) => {
    if (stopping) return;
    stopping = true;
    const log = createLogger(name, 'info');
    log.info({ why }, 'stopping');
    role[Symbol.asyncDispose]().then(
      () => {
        if (process.connected) process.disconnect();
        exitSoon();
      },
      (error: unknown) => {
        log.error({ error: String(error) }, 'stopping failed');
        process.exitCode = 1;
        exitSoon();
      },
    );
  };
  // Whoever signals a whole group reaches a process twice: by itself and through its parent.
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.once('SIGINT', () => stop('SIGINT'));
  process.once('disconnect', () => stop('the parent is gone'));
}

/** Ends the process when something keeps it alive although everything of ours is closed, as BullMQ does before a frozen Redis. */
function exitSoon(): void {
  setTimeout(() => process.exit(), 500).unref();
}
