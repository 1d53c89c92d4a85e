import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Chaos } from '../row.ts';

/** Lines of level warn or worse that were logged while something happened. */
export interface Trouble {
  readonly lines: number;
  /** Of the role whose log has most of them. */
  readonly mostPerSecond: number;
}

/** Does it, and counts what gateway and workers log of it meanwhile. */
export async function countTrouble<T>(
  { stack }: Chaos,
  act: () => Promise<T>,
): Promise<Trouble & { readonly value: T }> {
  const before = await troubleByLog(stack.dataFolder);
  const startedMs = performance.now();
  const value = await act();
  const seconds = (performance.now() - startedMs) / 1_000;
  const after = await troubleByLog(stack.dataFolder);
  const added = [...after].map(([name, lines]) => lines - (before.get(name) ?? 0));
  const lines = added.reduce((sum, one) => sum + one, 0);
  return { value, lines, mostPerSecond: Math.round((Math.max(0, ...added) / seconds) * 10) / 10 };
}

async function troubleByLog(dataFolder: string): Promise<ReadonlyMap<string, number>> {
  const folder = join(dataFolder, 'logs');
  const names = (await readdir(folder)).filter((name) => /^(gateway|worker)/.test(name));
  const counts = names.map(async (name) => {
    const lines = (await readFile(join(folder, name), 'utf8')).split('\n');
    return [name, lines.filter(isTrouble).length] as const;
  });
  return new Map(await Promise.all(counts));
}

/** What is no JSON line was not written by a logger, and is trouble for that alone. */
function isTrouble(line: string): boolean {
  if (line === '') return false;
  const level = /^\{"level":(\d+),/.exec(line)?.[1];
  return level === undefined || Number(level) >= 40;
}
