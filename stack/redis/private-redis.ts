import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startChild } from '../child.ts';
import type { LineSink } from '../log-file.ts';
import { type ManagedProcess, startManaged } from '../managed-process.ts';
import { freePort } from '../port.ts';
import { StackError } from '../stack-error.ts';
import { redisFlags, type RedisRole } from './flags.ts';
import { waitForPong } from './ping.ts';

/** What a private Redis server needs: the binary, its role, a folder of its own, and a place for its log lines. */
export interface PrivateRedisOptions {
  readonly command: string;
  readonly role: RedisRole;
  readonly directory: string;
  readonly log: LineSink;
  readonly signal?: AbortSignal;
}

/** A Redis server of ours on a free loopback port. */
export interface PrivateRedis extends ManagedProcess<void> {
  readonly role: RedisRole;
  readonly url: string;
  readonly port: number;
  /** Ends the server, removes what it has stored, and starts it again on the same port. */
  restartEmpty(): Promise<void>;
}

const portAttempts = 5;

/** Starts a Redis server for a role; a port lost to somebody else or a damaged append-only file does not stop it. */
export async function startPrivateRedis(options: PrivateRedisOptions): Promise<PrivateRedis> {
  await mkdir(options.directory, { recursive: true });
  let isSetAside = false;
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    try {
      return await startOnPort(options, port);
    } catch (error) {
      const why = error instanceof StackError ? error.message : '';
      const canRetry = attempt < portAttempts && !isAborted(options.signal);
      if (canRetry && /Address already in use/i.test(why)) continue;
      if (canRetry && !isSetAside && isDamagedFile(why)) {
        await setAside(options.directory);
        isSetAside = true;
        continue;
      }
      throw error;
    }
  }
}

async function startOnPort(options: PrivateRedisOptions, port: number): Promise<PrivateRedis> {
  const { role, directory } = options;
  const name = `redis-${role}`;
  const args = ['--port', `${port}`, '--bind', '127.0.0.1', '--protected-mode', 'yes'];
  args.push('--dir', directory, '--daemonize', 'no', ...redisFlags(role));
  const managed = await startManaged(
    {
      name,
      readyWithinMs: 30_000,
      stopWithinMs: 5000,
      launch: () =>
        startChild({ command: options.command, args, env: process.env, onLine: options.log }),
      waitUntilReady: (child, signal) => waitForPong(port, child.pid, signal),
    },
    options.signal,
  );
  return Object.assign(managed, {
    role,
    port,
    url: `redis://127.0.0.1:${port}`,
    restartEmpty: async () => {
      await managed.stop();
      await rm(directory, { recursive: true, force: true });
      await mkdir(directory, { recursive: true });
      await managed.restart();
    },
  });
}

/** A tail cut off by a crash is repaired by the server itself; what it refuses is kept for a look, once. */
async function setAside(directory: string): Promise<void> {
  const unreadable = join(directory, 'appendonlydir.unreadable');
  await rm(unreadable, { recursive: true, force: true });
  await rename(join(directory, 'appendonlydir'), unreadable);
}

function isDamagedFile(why: string): boolean {
  return /Bad file format|append only file|AOF/i.test(why);
}

function isAborted(signal: AbortSignal | undefined): boolean {
  return signal?.aborted === true;
}
