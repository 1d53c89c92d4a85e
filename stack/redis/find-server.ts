import { findProgram } from '../find-program.ts';

const commands = ['redis-server', 'valkey-server'];

/** The path of the first Redis-compatible server on a PATH, or undefined when there is none. */
export async function findRedisServer(searchPath: string): Promise<string | undefined> {
  for (const command of commands) {
    const found = await findProgram(command, searchPath);
    if (found !== undefined) return found;
  }
  return undefined;
}
