import { readFile } from 'node:fs/promises';
import { findTool } from './find-tool.ts';

/** Which cores a comparison uses, each as `taskset` takes it. */
export interface Cores {
  /** For the server that is measured, and for no other work. */
  readonly server: string;
  /** For who asks. */
  readonly load: string;
  /** For everything else that runs: all but the server's. */
  readonly rest: string;
  /** Those that this process had before. */
  readonly all: string;
}

/** The cores to use; undefined where nothing can be pinned: no `taskset`, no `/proc`, or a single core. */
export async function chooseCores(): Promise<Cores | undefined> {
  if ((await findTool('taskset')) === undefined) return undefined;
  const status = await readFile('/proc/self/status', 'utf8').catch(() => '');
  const all = /^Cpus_allowed_list:\s*(\S+)/m.exec(status)?.[1] ?? '';
  const [server, load, ...others] = coresIn(all);
  if (server === undefined || load === undefined) return undefined;
  return { server: `${server}`, load: `${load}`, rest: [load, ...others].join(','), all };
}

/** The numbers in a list such as `0-2,6`. */
export function coresIn(list: string): number[] {
  return list
    .split(',')
    .filter((range) => range !== '')
    .flatMap((range) => {
      const [first = Number.NaN, last = first] = range.split('-').map(Number);
      return Array.from({ length: last - first + 1 }, (_, index) => first + index);
    });
}

/** Ticks that a core has worked, and that have passed, since the machine was started. */
export interface CoreTicks {
  readonly busy: number;
  readonly all: number;
}

/** How much a core has worked until now (Linux). */
export async function ticksOf(core: string): Promise<CoreTicks> {
  const stat = await readFile('/proc/stat', 'utf8');
  return readTicks(stat, core);
}

/** Reads a core's line of `/proc/stat`: user, nice, system, idle, iowait, irq, softirq, steal. */
export function readTicks(stat: string, core: string): CoreTicks {
  const line = new RegExp(`^cpu${core} (.*)$`, 'm').exec(stat)?.[1] ?? '';
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, ...others] = line
    .split(' ')
    .slice(0, 8)
    .map(Number);
  const busy = others.reduce((sum, ticks) => sum + ticks, user + nice + system);
  return { busy, all: busy + idle + iowait };
}
