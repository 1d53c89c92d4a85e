import { delimiter } from 'node:path';
import { findProgram } from '../../stack/find-program.ts';

/** Where a distribution puts servers, and an ordinary user's PATH does not look. */
const SERVER_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin'];

/** The path of a program on the PATH or among the system's servers; undefined when it is not installed. */
export function findTool(name: string): Promise<string | undefined> {
  return findProgram(name, [process.env['PATH'] ?? '', ...SERVER_FOLDERS].join(delimiter));
}
