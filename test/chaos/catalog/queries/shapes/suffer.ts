import { isMainThread } from 'node:worker_threads';

const blockedMs = 14_000;

// A new deployment that loads in the process and not in its threads.
if (!isMainThread && process.env['CHAOS_THREADS_BREAK'] === '1')
  throw new Error('this module does not load in a thread');

// Whoever sends this signal blocks the event loop of the process, and not those of its threads.
if (isMainThread) process.on('SIGUSR2', () => spin(blockedMs));

/** Does to this thread, or to its process, what a word in the key says: `-oom-`, `-exit-`, `-spin-`, `-kill-`; else nothing. */
export function suffer(key: string): void {
  switch (/-(oom|exit|spin|kill)-/.exec(key)?.[1]) {
    case 'oom':
      return fill();
    case 'exit':
      return process.exit(3);
    case 'spin':
      return spin(Number.POSITIVE_INFINITY);
    case 'kill':
      process.kill(process.pid, 'SIGKILL');
      // The signal comes in a moment; until then nothing more is done.
      return spin(Number.POSITIVE_INFINITY);
    default:
  }
}

function fill(): void {
  const held: number[][] = [];
  for (;;) {
    const numbers: number[] = [];
    numbers.length = 1_000_000;
    held.push(numbers.fill(0.5));
  }
}

function spin(forMs: number): void {
  const endMs = performance.now() + forMs;
  while (performance.now() < endMs);
}
