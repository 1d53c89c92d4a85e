import { readdir, readFile, readlink } from 'node:fs/promises';

/** The processes of this machine that a stack with this data folder started and that still run (Linux; elsewhere none). */
export async function leftovers(dataFolder: string): Promise<string[]> {
  const pids = await readdir('/proc').catch(() => []);
  const found: string[] = [];
  for (const pid of pids) {
    if (/^\d+$/.test(pid) && (await belongsTo(pid, dataFolder))) {
      found.push(`${pid} (${await commandOf(pid)})`);
    }
  }
  return found;
}

/** Roles and what they start carry the folder in their environment; Redis servers work in it. */
async function belongsTo(pid: string, dataFolder: string): Promise<boolean> {
  try {
    const folder = await readlink(`/proc/${pid}/cwd`);
    if (folder.startsWith(`${dataFolder}/`)) return true;
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8');
    return environment.split('\0').includes(`PUNCTUAL_TEST_STACK=${dataFolder}`);
  } catch {
    return false;
  }
}

async function commandOf(pid: string): Promise<string> {
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return command.replaceAll('\0', ' ').trim();
}
