import { join } from 'node:path';
import { cautionsOf } from './comparison/cautions.ts';
import { compareResults, isWorse } from './comparison/compare-results.ts';
import { comparisonText, nameOf } from './comparison/comparison-text.ts';
import { inShares } from './comparison/shares.ts';
import { type KeptResult, readResult } from './kept-result.ts';
import type { GuardSetting, Run } from './read-arguments.ts';
import { resultsFolder } from './result.ts';

/** Holds a run against an older one by ratios to bare node:http, because machines differ. */
export interface Guard {
  judge(result: KeptResult): Judgement;
}

/** Whether a run holds, and why. */
export interface Judgement {
  readonly holds: boolean;
  readonly text: string;
}

/** A guard, or why there cannot be one: found out before anything is measured. */
export type GuardOpened =
  | { readonly kind: 'open'; readonly guard: Guard }
  | { readonly kind: 'wrong'; readonly problem: string };

/** Reads the baseline and keeps of it what the named scenarios can be held against; of a quick run only a quick one's. */
export async function openGuard(
  { baseline = join(resultsFolder, 'baseline.json'), tolerance }: GuardSetting,
  { quick, scenarios: asked }: Pick<Run, 'quick' | 'scenarios'>,
): Promise<GuardOpened> {
  const reading = await readResult(baseline);
  if (reading.kind === 'unreadable') return { kind: 'wrong', problem: reading.problem };
  if (reading.result.quick !== quick) return { kind: 'wrong', problem: notAlike(baseline, quick) };
  const guarded = inShares(reading.result);
  const able = guarded.scenarios.filter((scenario) => !('failed' in scenario));
  const names = new Set(asked.map(({ name }) => name));
  const scenarios = able.filter(({ name }) => names.has(name));
  if (scenarios.length === 0) return { kind: 'wrong', problem: nothingToGuard(baseline, able) };
  const kept = { ...guarded, scenarios };
  return { kind: 'open', guard: { judge: (result) => judge(kept, result, tolerance) } };
}

/** Hit rates and counts of a quick run are others. */
function notAlike(baseline: string, quick: boolean): string {
  const [is, run] = quick ? ['no', 'a'] : ['a', 'no'];
  return `--guard: ${baseline} is ${is} quick run, and this would be ${run} quick one.`;
}

function nothingToGuard(baseline: string, able: readonly { readonly name: string }[]): string {
  const names = able.map(({ name }) => name).join(', ');
  return `--guard: ${baseline} has ratios to bare node:http, or counts, ${names === '' ? 'of no scenario' : `only of ${names}`}.`;
}

/** A ratio of the baseline that is no longer measured does not hold either: a guard that loses sight of things guards nothing. */
function judge(baseline: KeptResult, result: KeptResult, tolerance: number): Judgement {
  const guarded = new Set(baseline.scenarios.map(({ name }) => name));
  const shares = inShares(result);
  const scenarios = shares.scenarios.filter(({ name }) => guarded.has(name));
  const comparison = compareResults(baseline, { ...shares, scenarios }, tolerance);
  const lost = comparison.onlyBefore.length > 0;
  const holds = !isWorse(comparison) && !lost;
  const text = [
    `# Guard: ${holds ? 'holds' : 'DOES NOT HOLD'}`,
    '',
    'Ratios to bare node:http of the same run, and figures that are ratios or counts; never times.',
    `Before: ${nameOf(baseline)}`,
    ...cautionsOf(baseline, result),
    '',
    comparisonText(comparison),
    ...(lost ? ['What is only in the baseline cannot be guarded: a new baseline is due.'] : []),
  ].join('\n');
  return { holds, text };
}
