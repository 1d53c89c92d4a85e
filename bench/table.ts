import type { Measure } from './measure/measure.ts';
import type { Result, ScenarioResult } from './result.ts';
import { type Figure, isMet } from './scenario.ts';

/** A result for people to read: a table of measures, then of figures, for every scenario. Valid Markdown. */
export function tableOf(result: Result): string {
  const { machine, code, at } = result;
  return [
    `Measured ${at} on ${machine.cores} × ${machine.cpu}, ${machine.memoryGiB} GiB, ${machine.platform}, Node ${machine.node},`,
    `commit ${code.commit}${code.changed ? ' with changes' : ''}, load ${result.loadBefore} before and ${result.loadAfter} after.`,
    ...(isBusy(result) ? ['The machine was busy with other things: the figures mean little.'] : []),
    ...(result.quick ? ['A quick run: the figures mean little.'] : []),
    ...result.scenarios.flatMap(sectionOf),
  ].join('\n');
}

/** More than one core in two was taken before the bench took any. */
function isBusy({ loadBefore, machine }: Result): boolean {
  return loadBefore > machine.cores / 2;
}

function sectionOf(scenario: ScenarioResult): string[] {
  const heading = ['', `## ${scenario.name}`, '', scenario.question, ''];
  if ('failed' in scenario) return [...heading, `FAILED: ${scenario.failed}`];
  return [
    ...heading,
    ...aligned([
      ['measured', 'unit', 'n', 'least', 'p50', 'p95', 'p99', 'most'],
      ...scenario.measures.map(measureCells),
    ]),
    '',
    ...aligned([
      ['figure', 'unit', 'promised', 'measured', 'kept'],
      ...scenario.figures.map(figureCells),
    ]),
    '',
    ...scenario.remarks.map(({ remark }) => remark),
  ];
}

function measureCells({ what, unit, count, least, p50, p95, p99, most }: Measure): string[] {
  return [what, unit, String(count), ...[least, p50, p95, p99, most].map(shown)];
}

function figureCells(figure: Figure): string[] {
  const promised = `${figure.bound} ${shown(figure.promised)}`;
  return [figure.what, figure.unit, promised, shown(figure.measured), isMet(figure) ? 'yes' : 'NO'];
}

/** Three digits that matter, or all that stand before the point. */
function shown(value: number): string {
  if (Math.abs(value) >= 100) return value.toFixed(0);
  return Math.abs(value) >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** A Markdown table: the first column to the left, the others to the right. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const [header = []] = rows;
  const widths = header.map((_, column) =>
    Math.max(3, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`;
  const rule = widths.map((width, column) =>
    column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  return [line(header), line(rule), ...rows.slice(1).map(line)];
}
