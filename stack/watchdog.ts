import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Guards one child: ends it when this process dies without having dismissed the watchdog. */
export interface Watchdog {
  /** Call when the child has ended; resolves when the watchdog has ended too. */
  dismiss(): Promise<void>;
}

// A line on standard input means "the child has ended"; end of input without one means that the parent died.
// A frozen child takes SIGTERM only once it goes on, hence SIGCONT; what will not stop within 5 s is killed.
const script = `
PATH=/usr/bin:/bin
read -r ended && exit
kill -s TERM "$1"; kill -s CONT -- "-$1"
tries=0
while kill -s 0 -- "-$1" && [ $tries -lt 50 ]; do tries=$((tries + 1)); sleep 0.1; done
kill -s KILL -- "-$1"
`;

/** Starts a watchdog (a shell that waits on a pipe) for the process group that `pid` leads. */
export function watchOver(pid: number): Watchdog {
  const shell = spawn('/bin/sh', ['-c', script, 'punctual-watchdog', String(pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const ended = once(shell, 'exit').catch(() => undefined);
  shell.stdin.on('error', () => undefined);
  shell.unref();
  return {
    dismiss: async () => {
      shell.ref();
      shell.stdin.end('ended\n');
      await ended;
    },
  };
}
