import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { Stack } from '../../stack/start-stack.ts';
import type { Cores } from './cores.ts';

/** Keeps a process and all of its process group to these cores, with every thread that they have and will have. */
export async function pinGroup(leader: number, cores: string): Promise<void> {
  for (const pid of await groupOf(leader)) await pin(pid, cores);
}

/** Keeps a stack's gateway to the server's core and everything else of it, its Redis servers too, away from there. */
export async function pinStack(stack: Stack, { server, rest }: Cores): Promise<void> {
  const { gateway, emulator, workers, redis } = stack;
  const others = [emulator, ...workers, redis.queue, redis.cache];
  await pinGroup(gateway.pid, server);
  for (const one of others) if (one !== undefined) await pinGroup(one.pid, rest);
}

/** Keeps this process, which asks, to the load's core; disposing gives it back what it had. */
export async function pinSelf({ load, all }: Cores): Promise<AsyncDisposable> {
  await pin(process.pid, load);
  return { [Symbol.asyncDispose]: () => pin(process.pid, all) };
}

/** The processes of a group (Linux). */
export async function groupOf(leader: number): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const groups = await Promise.all(
    // A process may end while the list is read.
    pids.map(async (pid) => groupIn(await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ''))),
  );
  return pids.filter((_, index) => groups[index] === leader).map(Number);
}

/** The name stands in parentheses and may hold anything; after it come state, parent and group. */
function groupIn(stat: string): number {
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]);
}

async function pin(pid: number, cores: string): Promise<void> {
  await promisify(execFile)('taskset', ['-a', '-c', '-p', cores, String(pid)]);
}
