import { setTimeout as sleep } from 'node:timers/promises';
import type { ChildExit } from './child.ts';
import type { ManagedProcess } from './managed-process.ts';

/** How a crashed process is brought back. */
export interface KeepRunningOptions {
  readonly say: (text: string) => void;
  /** Ends the care: no restart begins after it. */
  readonly signal: AbortSignal;
  readonly firstWaitMs?: number;
  readonly longestWaitMs?: number;
  /** A run of this length counts as healthy: the next wait is the first one again. */
  readonly healthyAfterMs?: number;
}

/** Restarts a process whenever it ends by itself; every failure in a row doubles the wait before the next try. */
export function keepRunning(process: ManagedProcess<unknown>, options: KeepRunningOptions): void {
  const { firstWaitMs = 250, longestWaitMs = 10_000, healthyAfterMs = 30_000 } = options;
  let waitMs = firstWaitMs;
  let startedAtMs = performance.now();

  async function revive(how: string): Promise<void> {
    if (performance.now() - startedAtMs > healthyAfterMs) waitMs = firstWaitMs;
    options.say(`${process.name} ended ${how}; starting it again in ${waitMs / 1000} s`);
    const pauseMs = waitMs;
    waitMs = Math.min(waitMs * 2, longestWaitMs);
    try {
      await sleep(pauseMs, undefined, { signal: options.signal });
      startedAtMs = performance.now();
      await process.restart(options.signal);
      options.say(`${process.name} is back`);
    } catch (error) {
      if (options.signal.aborted) return;
      options.say(error instanceof Error ? error.message : String(error));
      await revive('again');
    }
  }
  process.onCrash((exit) => void revive(describe(exit)));
}

function describe({ code, signal }: ChildExit): string {
  return signal === null ? `with exit code ${code}` : `by ${signal}`;
}
