import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chartOf } from './chart/chart-of.ts';
import { type Code, loadNow, type Machine, thisCode, thisMachine } from './machine.ts';
import type { Finding } from './scenario.ts';
import { type Versions, versionsHere } from './versions.ts';

/** One run of the bench as it is kept. */
export interface Result {
  readonly at: string;
  readonly quick: boolean;
  readonly code: Code;
  readonly machine: Machine;
  /** Of the peers, the stores and the load generators. */
  readonly versions: Versions;
  readonly loadBefore: number;
  readonly loadAfter: number;
  readonly scenarios: readonly ScenarioResult[];
}

/** A scenario's finding, or why it has none. */
export type ScenarioResult =
  | ({ readonly name: string; readonly question: string } & Finding)
  | { readonly name: string; readonly question: string; readonly failed: string };

/** Where results are kept; `baseline.json` and its chart are the ones that are committed. */
export const resultsFolder = fileURLToPath(new URL('./results/', import.meta.url));

/** Runs what gives the scenarios' results and says when, where and of which code they are. */
export async function resultOf(
  quick: boolean,
  run: () => Promise<readonly ScenarioResult[]>,
): Promise<Result> {
  const at = new Date().toISOString();
  const code = await thisCode();
  const versions = await versionsHere();
  const loadBefore = loadNow();
  const scenarios = await run();
  const machine = thisMachine();
  return { at, quick, code, machine, versions, loadBefore, loadAfter: loadNow(), scenarios };
}

/** Keeps a result as `<date>-<commit>.json` with its chart beside it as `.svg`, each whole or not at all; returns the JSON file's path. */
export async function saveResult(result: Result, folder = resultsFolder): Promise<string> {
  await mkdir(folder, { recursive: true });
  const time = result.at.slice(0, 19).replaceAll(':', '');
  const name = `${time}-${result.code.commit}${result.quick ? '-quick' : ''}`;
  await writeWhole(join(folder, `${name}.svg`), chartOf(result));
  const path = join(folder, `${name}.json`);
  await writeWhole(path, `${JSON.stringify(result, null, 2)}\n`);
  return path;
}

/** Writes a file so that nobody ever reads a part of it. */
export async function writeWhole(path: string, text: string): Promise<void> {
  await writeFile(`${path}.tmp`, text);
  await rename(`${path}.tmp`, path);
}
