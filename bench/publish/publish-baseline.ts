import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chartOf } from '../chart/chart-of.ts';
import { type KeptResult, readResult } from '../kept-result.ts';
import { optionProblems } from '../options.ts';
import { resultsFolder, writeWhole } from '../result.ts';
import { isBusy } from '../table.ts';
import { pageWith } from './page.ts';

const HELP = `Makes a result the baseline that the guard and the page go by.

  npm run bench:baseline -- <result.json>

Writes bench/results/baseline.json, its chart baseline.svg beside it, and the tables of docs/performance.md. What the page
says in words is for people to bring up to date. bench/results/baseline.json itself may be named, to draw it again. The exit
code is 2 for wrong arguments and for a result that is no baseline: of a quick run, or with a scenario that failed.`;

/** The page that shows the baseline. */
export const pagePath = fileURLToPath(new URL('../../docs/performance.md', import.meta.url));

/** Runs the baseline command; the exit code is 0, or 2 when there is nothing to publish. */
export async function publishBaseline(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) return tell(HELP);
  const problems = optionProblems(args, { flags: ['--help'], valued: {} });
  const [file, ...others] = args.filter((arg) => !arg.startsWith('-'));
  if (file === undefined || others.length > 0)
    return refuse([...problems, 'Name one result file.']);
  if (problems.length > 0) return refuse(problems);
  const reading = await readResult(file);
  if (reading.kind === 'unreadable') return refuse([reading.problem]);
  const faults = faultsOf(reading.result);
  if (faults.length > 0) return refuse(faults);
  await publish(reading.result);
  return tell([`${file} is the baseline now.`, ...doubtsOf(reading.result)].join('\n'));
}

function faultsOf({ quick, scenarios }: KeptResult): string[] {
  const failed = scenarios.filter((scenario) => 'failed' in scenario);
  return [
    ...(quick ? ['A quick run is no baseline.'] : []),
    ...failed.map(({ name }) => `The scenario ${name} failed: this result is no baseline.`),
  ];
}

function doubtsOf(result: KeptResult): string[] {
  return [
    ...(result.code.changed ? ['It is of code that differs from its commit.'] : []),
    ...(isBusy(result) ? ['The machine was busy while it was made.'] : []),
  ];
}

async function publish(result: KeptResult): Promise<void> {
  const page = pageWith(await readFile(pagePath, 'utf8'), result);
  await writeWhole(join(resultsFolder, 'baseline.json'), `${JSON.stringify(result, null, 2)}\n`);
  await writeWhole(join(resultsFolder, 'baseline.svg'), chartOf(result));
  await writeWhole(pagePath, page);
}

function tell(text: string): number {
  console.log(text);
  return 0;
}

function refuse(problems: readonly string[]): number {
  for (const problem of problems) console.error(problem);
  return 2;
}
