import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Code, loadNow, type Machine, thisCode, thisMachine } from './machine.ts';
import type { Finding } from './scenario.ts';

/** One run of the bench as it is kept. */
export interface Result {
  readonly at: string;
  readonly quick: boolean;
  readonly code: Code;
  readonly machine: Machine;
  readonly loadBefore: number;
  readonly loadAfter: number;
  readonly scenarios: readonly ScenarioResult[];
}

/** A scenario's finding, or why it has none. */
export type ScenarioResult =
  | ({ readonly name: string; readonly question: string } & Finding)
  | { readonly name: string; readonly question: string; readonly failed: string };

/** Where results are kept; `baseline.json` is the one that is committed. */
const resultsFolder = fileURLToPath(new URL('./results/', import.meta.url));

/** Runs what gives the scenarios' results and says when, where and of which code they are. */
export async function resultOf(
  quick: boolean,
  run: () => Promise<readonly ScenarioResult[]>,
): Promise<Result> {
  const at = new Date().toISOString();
  const code = await thisCode();
  const loadBefore = loadNow();
  const scenarios = await run();
  const machine = thisMachine();
  return { at, quick, code, machine, loadBefore, loadAfter: loadNow(), scenarios };
}

/** Keeps a result as `<date>-<commit>.json`, whole or not at all; returns the file's path. */
export async function saveResult(result: Result, folder = resultsFolder): Promise<string> {
  await mkdir(folder, { recursive: true });
  const time = result.at.slice(0, 19).replaceAll(':', '');
  const path = join(folder, `${time}-${result.code.commit}${result.quick ? '-quick' : ''}.json`);
  await writeFile(`${path}.tmp`, `${JSON.stringify(result, null, 2)}\n`);
  await rename(`${path}.tmp`, path);
  return path;
}
