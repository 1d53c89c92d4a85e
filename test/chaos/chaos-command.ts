import { killAll } from '../../stack/start-stack.ts';
import { listenForStop } from '../../stack/stop-request.ts';
import { helpText } from './help-text.ts';
import { type Arguments, readArguments } from './read-arguments.ts';
import { addResults, readReport, saveReport } from './report.ts';
import { reportPage, table } from './report-page.ts';
import type { Row, RowResult } from './row.ts';
import { allRows } from './row-list.ts';
import { soakCommand } from './soak/soak-command.ts';
import { createStreet } from './street.ts';

/** Runs the chaos command; the exit code is 0, 1 when a row failed, 2 for wrong arguments, 130 when stopped. */
export async function chaosCommand(args: readonly string[]): Promise<number> {
  const rows = await allRows();
  const asked = readArguments(args, rows);
  switch (asked.kind) {
    case 'help':
      console.log(helpText);
      return 0;
    case 'list':
      console.log(listOf(rows).join('\n'));
      return 0;
    case 'wrong':
      for (const problem of asked.problems) console.error(problem);
      return 2;
    case 'soak':
      return soakCommand(asked.soak);
    case 'run':
      return runAsked(asked, rows);
    default:
      return asked satisfies never;
  }
}

async function runAsked(
  { rows, isQuick, isJson }: Extract<Arguments, { kind: 'run' }>,
  known: readonly Row[],
): Promise<number> {
  const stop = listenForStop(killAll);
  try {
    const results = await runAll(rows, !isQuick, stop.signal, (result) =>
      isQuick ? undefined : report(result, known),
    );
    console.log(isJson ? JSON.stringify(results, null, 2) : resultTable(results));
    if (stop.signal.aborted) return 130;
    return results.every(({ passed }) => passed) ? 0 : 1;
  } finally {
    stop.dispose();
  }
}

async function runAll(
  rows: readonly Row[],
  isStrict: boolean,
  stop: AbortSignal,
  keep: (result: RowResult) => Promise<void> | undefined,
): Promise<RowResult[]> {
  await using street = createStreet(isStrict);
  const results: RowResult[] = [];
  for (const row of rows) {
    if (stop.aborted) break;
    console.error(`${row.id}: ${row.title} …`);
    const result = await street.run(row);
    tell(result);
    await keep(result);
    results.push(result);
  }
  return results;
}

/** After every row, so that a run that is stopped leaves what it has found. */
async function report(result: RowResult, known: readonly Row[]): Promise<void> {
  const ids = known.map(({ id }) => id);
  const whole = await addResults(await readReport(), [result], ids);
  await saveReport(whole, reportPage(whole));
}

function tell({ id, passed, seconds, claims, findings }: RowResult): void {
  console.error(`${id}: ${passed ? 'passed' : 'FAILED'} in ${seconds} s`);
  for (const { what, isMet, got } of claims)
    if (!isMet) console.error(`  not kept: ${what} (${got})`);
  for (const { invariant, what } of findings.slice(0, 10)) console.error(`  ${invariant}: ${what}`);
  if (findings.length > 10) console.error(`  and ${findings.length - 10} findings more`);
}

function resultTable(results: readonly RowResult[]): string {
  return table([
    ['row', 'fault', 'seconds', 'requests', 'slowest ms', 'recovered ms', 'passed'],
    ...results.map(({ id, title, seconds, figures, passed }) => [
      id,
      title,
      String(seconds),
      String(figures['requests'] ?? ''),
      String(figures['slowestMs'] ?? ''),
      String(figures['recoveredMs'] ?? ''),
      passed ? 'yes' : 'NO',
    ]),
  ]).join('\n');
}

function listOf(rows: readonly Row[]): string[] {
  return table([
    ['row', 'quick', 'fault', 'injected'],
    ...rows.map(({ id, quick, title, injected }) => [id, quick ? 'yes' : '', title, injected]),
  ]);
}
