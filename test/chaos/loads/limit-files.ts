import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Lets a process open no further file; what is open stays open. The result takes that back. */
export async function limitFiles(pid: number): Promise<() => Promise<void>> {
  const asked = ['--pid', String(pid), '--nofile', '--output=SOFT', '--noheadings'];
  const { stdout } = await run('prlimit', asked).catch((error: unknown) => {
    throw new Error('not run: prlimit, of util-linux, is missing', { cause: error });
  });
  const open = new Set((await readdir(`/proc/${pid}/fd`)).map(Number));
  // The limit is for the numbers of descriptors, and the lowest free one is given next.
  let lowestFree = 0;
  while (open.has(lowestFree)) lowestFree += 1;
  await setLimit(pid, String(lowestFree));
  return () => setLimit(pid, stdout.trim());
}

async function setLimit(pid: number, soft: string): Promise<void> {
  await run('prlimit', ['--pid', String(pid), `--nofile=${soft}:`]);
}
