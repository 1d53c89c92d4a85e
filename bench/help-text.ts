import { GUARD_TOLERANCE } from './read-arguments.ts';
import type { Scenario } from './scenario.ts';

/** What `npm run bench -- --help` prints. */
export function helpText(scenarios: readonly Scenario[]): string {
  const width = Math.max(...scenarios.map(({ name }) => name.length));
  return [
    'Measures Punctual on this machine: starts what each scenario needs on free ports, and stops it again.',
    '',
    '  npm run bench -- [scenario …] [--quick] [--json] [--results=<folder>]',
    '                   [--guard] [--baseline=<result.json>] [--tolerance=<share>]',
    '',
    ...scenarios.map(({ name, question }) => `  ${name.padEnd(width)}  ${question}`),
    '',
    '  --quick              a small dataset and few rounds: shows that the bench works; its figures mean little',
    '  --json               the result as JSON on standard output in place of the table',
    '  --results=<folder>   where the result and its chart are kept; bench/results/ when left out',
    '',
    '  --guard              hold the run against a baseline, by ratios to bare node:http and never by times',
    '  --baseline=<file>    that baseline; bench/results/baseline.json when left out',
    `  --tolerance=<share>  how much worse a ratio may be; ${GUARD_TOLERANCE} when left out, that is ${GUARD_TOLERANCE * 100} %`,
    '',
    'Progress is told on standard error. A missed figure is reported, and is no failure of the command. The exit code is 1',
    'when a scenario failed or the guard does not hold, and 2 for wrong arguments or a guard that has nothing to compare.',
    '',
    '  npm run bench:compare -- <before.json> <after.json>   two results side by side',
    '  npm run bench:baseline -- <result.json>               a result as the baseline, with its chart and its page',
  ].join('\n');
}
