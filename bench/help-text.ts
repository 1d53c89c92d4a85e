import type { Scenario } from './scenario.ts';

/** What `npm run bench -- --help` prints. */
export function helpText(scenarios: readonly Scenario[]): string {
  const width = Math.max(...scenarios.map(({ name }) => name.length));
  return [
    'Measures Punctual on this machine: starts what each scenario needs on free ports, and stops it again.',
    '',
    '  npm run bench -- [scenario …] [--quick] [--json] [--results=<folder>]',
    '',
    ...scenarios.map(({ name, question }) => `  ${name.padEnd(width)}  ${question}`),
    '',
    '  --quick              a small dataset and few rounds: shows that the bench works; its figures mean little',
    '  --json               the result as JSON on standard output in place of the table',
    '  --results=<folder>   where the result is kept; bench/results/ when left out',
    '',
    'Progress is told on standard error. A missed figure is reported, and is no failure of the command.',
  ].join('\n');
}
