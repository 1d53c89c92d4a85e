import { type KeptResult, readResult } from '../kept-result.ts';
import { cautionsOf } from './cautions.ts';
import { compareHelp } from './compare-help.ts';
import { compareResults, isWorse } from './compare-results.ts';
import { comparisonText, nameOf } from './comparison-text.ts';
import { type CompareSetting, readCompareArguments } from './read-compare-arguments.ts';
import { inShares } from './shares.ts';

/** Runs the compare command; the exit code is 0, 1 when something got worse, 2 when there is nothing to compare. */
export async function runCompare(args: readonly string[]): Promise<number> {
  const asked = readCompareArguments(args);
  switch (asked.kind) {
    case 'help':
      console.log(compareHelp);
      return 0;
    case 'wrong':
      return refuse(asked.problems);
    case 'compare':
      return await readAndCompare(asked);
    default:
      return asked satisfies never;
  }
}

async function readAndCompare(setting: CompareSetting): Promise<number> {
  const [before, after] = await Promise.all([
    readResult(setting.before),
    readResult(setting.after),
  ]);
  if (before.kind === 'read' && after.kind === 'read')
    return compareAndShow(before.result, after.result, setting);
  return refuse([before, after].flatMap((one) => (one.kind === 'read' ? [] : [one.problem])));
}

function compareAndShow(
  before: KeptResult,
  after: KeptResult,
  { tolerance, shares, json }: CompareSetting,
): number {
  const comparison = shares
    ? compareResults(inShares(before), inShares(after), tolerance)
    : compareResults(before, after, tolerance);
  if (comparison.rows.length + comparison.failed.length === 0)
    return refuse([`The two results have ${shares ? 'no shares' : 'nothing'} in common.`]);
  const cautions = cautionsOf(before, after);
  if (json) {
    const [old, now] = [before, after].map(({ at, code, machine }) => ({ at, code, machine }));
    const whole = { before: old, after: now, shares, cautions, ...comparison };
    console.log(JSON.stringify(whole, null, 2));
  } else {
    const names = [`Before: ${nameOf(before)}`, `After:  ${nameOf(after)}`];
    console.log([...names, ...cautions, '', comparisonText(comparison)].join('\n'));
  }
  return isWorse(comparison) ? 1 : 0;
}

function refuse(problems: readonly string[]): number {
  for (const problem of problems) console.error(problem);
  return 2;
}
