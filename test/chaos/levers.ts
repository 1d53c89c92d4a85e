import { mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HouseOptions } from './house.ts';

/** A role whose processes look at levers. */
export type LeverRole = 'gateway' | 'worker';

/** `clock`: milliseconds that the role's wall clock is ahead. `release`: which release of the catalog a process starts with. */
export type Lever = 'clock' | 'release';

const root = join(tmpdir(), `punctual-levers-${process.pid}`);

/** The options of a house whose roles have levers; none is pulled at first. */
export function withLevers(...preloads: readonly URL[]): HouseOptions {
  const imports = preloads.map(({ href }) => `--import=${href}`).join(' ');
  const envOf = (role: LeverRole) => ({
    CHAOS_LEVERS: join(root, role),
    ...(imports === '' ? {} : { NODE_OPTIONS: imports }),
  });
  return { roleEnv: { gateway: envOf('gateway'), worker: envOf('worker') } };
}

/** Sets a lever of a role; its processes see a clock at once, and a release when they start. */
export async function pull(role: LeverRole, lever: Lever, value: number): Promise<void> {
  await mkdir(join(root, role), { recursive: true });
  await writeFile(join(root, role, lever), String(value));
}

/** Sets all levers of all roles back. */
export async function letGo(): Promise<void> {
  await rm(root, { recursive: true, force: true });
}
