import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../../../', import.meta.url));

/** A role's process that is not the stack's own: as one that is deployed beside it. */
export interface OwnProcess extends AsyncDisposable {
  readonly process: ChildProcess;
  /** How it ended, and when by the monotonic clock (milliseconds). */
  readonly exit: Promise<{ code: number | null; signal: NodeJS.Signals | null; atMs: number }>;
  /** Its addresses once it is ready; rejects when it ends before. */
  readonly ready: Promise<Readonly<Record<string, string>>>;
  /** What it has written to standard error. */
  readonly complaints: () => string;
}

/** Starts a role with the settings that a running process of the stack has, and these beside them; `files` bounds what it may open. */
export async function startLike(
  pid: number,
  entry: string,
  settings: Readonly<Record<string, string>>,
  files?: number,
): Promise<OwnProcess> {
  const text = await readFile(`/proc/${pid}/environ`, 'utf8');
  const { NODE_CHANNEL_FD: _, ...env } = Object.fromEntries(
    text
      .split('\0')
      .filter(Boolean)
      .map((line) => [line.split('=')[0], line.slice(line.indexOf('=') + 1)]),
  ) as Record<string, string>;
  const bound = files === undefined ? '' : `ulimit -n ${files}; `;
  const child = spawn('sh', ['-c', `${bound}exec "$0" "$1"`, process.execPath, entry], {
    cwd: repository,
    env: { ...env, ...settings },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let complaints = '';
  child.stderr?.on('data', (chunk) => (complaints += String(chunk)));
  child.stdout?.resume();
  const exit = Promise.withResolvers<Awaited<OwnProcess['exit']>>();
  child.once('exit', (code, signal) => exit.resolve({ code, signal, atMs: performance.now() }));
  const ready = readyOf(child, exit.promise);
  ready.catch(() => undefined);
  return {
    process: child,
    exit: exit.promise,
    ready,
    complaints: () => complaints,
    async [Symbol.asyncDispose]() {
      if (child.connected) child.disconnect();
      const timer = setTimeout(() => child.kill('SIGKILL'), 22_000);
      await exit.promise;
      clearTimeout(timer);
    },
  };
}

function readyOf(
  child: ChildProcess,
  exit: Promise<unknown>,
): Promise<Readonly<Record<string, string>>> {
  return new Promise((resolve, reject) => {
    child.on('message', (message: { ready?: boolean; addresses?: Record<string, string> }) => {
      if (message.ready) resolve(message.addresses ?? {});
    });
    void exit.then(() => reject(new Error('it ended before it was ready')));
  });
}
