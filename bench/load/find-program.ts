import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** Where a distribution puts servers, and an ordinary user's PATH does not look. */
const SERVER_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** The path of a program on the PATH or among the system's servers; undefined when it is not installed. */
export async function findProgram(name: string): Promise<string | undefined> {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((one) => one !== '');
  for (const folder of [...folders, ...SERVER_FOLDERS]) {
    const path = join(folder, name);
    if (await isExecutable(path)) return path;
  }
  return undefined;
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
