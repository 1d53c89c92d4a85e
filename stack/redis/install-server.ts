import { access } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { startChild, stopChild } from '../child.ts';
import { StackError } from '../stack-error.ts';
import { findRedisServer } from './find-server.ts';

/** Where to look for a Redis server, and what may be done when there is none. */
export interface RedisSearch {
  /** Folders to look in, written as PATH is. */
  readonly searchPath: string;
  /** Whether the process may install packages; root can. */
  readonly canInstall: boolean;
  readonly say: (text: string) => void;
  readonly signal?: AbortSignal;
}

const installScript = fileURLToPath(new URL('install.sh', import.meta.url));
const stopInstallWithinMs = 60_000;
const advice =
  'Install Redis 7 (redis-server) or Valkey (valkey-server), or set REDIS_URL to a running one.';

/** The path of a Redis server: found, or installed where that is possible; throws a StackError that says what to do. */
export async function ensureRedisServer(search: RedisSearch): Promise<string> {
  const found = await findRedisServer(search.searchPath);
  if (found !== undefined) return found;
  if (!search.canInstall || !(await hasAptGet())) throw missingRedis();
  search.say('no redis-server on the PATH: installing the package redis-server with apt-get');
  await installPackage(search.signal);
  const installed = await findRedisServer(`${search.searchPath}:/usr/bin`);
  if (installed === undefined) throw missingRedis();
  return installed;
}

/** A stop in the middle lets apt-get finish what it has begun, for a while. */
async function installPackage(signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted();
  const child = await startChild({ command: '/bin/sh', args: [installScript], env: process.env });
  const stop = () => void stopChild(child, stopInstallWithinMs);
  signal?.addEventListener('abort', stop);
  const { code } = await child.exited;
  signal?.removeEventListener('abort', stop);
  signal?.throwIfAborted();
  if (code === 0) return;
  const output = child.lastLines().map((line) => `  ${line}`);
  throw new StackError(
    [`The package redis-server could not be installed. ${advice}`, ...output].join('\n'),
  );
}

function missingRedis(): StackError {
  return new StackError(`No redis-server or valkey-server was found on the PATH. ${advice}`);
}

async function hasAptGet(): Promise<boolean> {
  try {
    await access('/usr/bin/apt-get');
    await access('/etc/debian_version');
    return true;
  } catch {
    return false;
  }
}
