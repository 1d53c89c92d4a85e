import { readFileSync } from 'node:fs';

const MOST = 10_000;
const LEAST = 16;
/** For what is open besides: modules, pipes, the stores' connections, and those that the system has not let go of yet. */
const RESERVED = 64;

/**
 * How many connections a serving process takes. A cluster's connection that its process cannot take in for want of a file
 * descriptor hangs, and nothing is ever handed to that process again; so it refuses them before it gets there.
 */
export function mostConnections(openFiles: number | undefined = openFilesBound()): number {
  if (openFiles === undefined) return MOST;
  return Math.max(LEAST, Math.min(MOST, openFiles - RESERVED));
}

/** How many files this process may open; undefined where that is unbounded or the system does not say. */
function openFilesBound(): number | undefined {
  try {
    const limits = readFileSync('/proc/self/limits', 'utf8');
    const soft = /^Max open files +(\d+)/m.exec(limits)?.[1];
    return soft === undefined ? undefined : Number(soft);
  } catch {
    return undefined;
  }
}
