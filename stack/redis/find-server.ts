import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

const commands = ['redis-server', 'valkey-server'];

/** The path of the first Redis-compatible server on a PATH, or undefined when there is none. */
export async function findRedisServer(searchPath: string): Promise<string | undefined> {
  for (const command of commands) {
    for (const folder of searchPath.split(delimiter)) {
      const path = join(folder, command);
      if (folder !== '' && (await isExecutable(path))) return path;
    }
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
