import type { KeptFigure, KeptMeasure, KeptResult, KeptScenario } from './kept-result.ts';
import { markdownTable, shown } from './markdown-table.ts';
import { isMet } from './scenario.ts';

/** A result for people to read: a table of measures, then of figures, for every scenario. Valid Markdown. */
export function tableOf(result: KeptResult): string {
  return [...circumstancesOf(result), ...result.scenarios.flatMap((one) => sectionOf(one))].join(
    '\n',
  );
}

/** When, where and of which code a result is, and what makes it mean little. */
export function circumstancesOf(result: KeptResult): string[] {
  const { machine, code, at, versions } = result;
  const peers = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  return [
    `Measured ${at} on ${machine.cores} × ${machine.cpu}, ${machine.memoryGiB} GiB, ${machine.platform}, Node ${machine.node},`,
    ...(machine.governor === undefined ? [] : [`frequency governor ${machine.governor},`]),
    `commit ${code.commit}${code.changed ? ' with changes' : ''}, load ${result.loadBefore} before and ${result.loadAfter} after.`,
    ...(peers.length === 0 ? [] : [`Beside it: ${peers.join(', ')}.`]),
    ...(isBusy(result) ? ['The machine was busy with other things: the figures mean little.'] : []),
    ...(result.quick ? ['A quick run: the figures mean little.'] : []),
  ];
}

/** More than one core in two was taken before the bench took any. */
export function isBusy({ loadBefore, machine }: KeptResult): boolean {
  return loadBefore > machine.cores / 2;
}

/** The tables of one scenario under a heading of its own. */
export function sectionOf(scenario: KeptScenario, heading = '##'): string[] {
  const top = ['', `${heading} ${scenario.name}`, '', scenario.question, ''];
  if ('failed' in scenario) return [...top, `FAILED: ${scenario.failed}`];
  const { measures, figures, remarks } = scenario;
  return [
    ...top,
    ...markdownTable([
      ['measured', 'unit', 'n', 'least', 'p50', 'p95', 'p99', 'most'],
      ...measures.map(measureCells),
    ]),
    '',
    ...(figures.length === 0
      ? []
      : [...markdownTable([figureHeads, ...figures.map(figureCells)]), '']),
    ...remarks.map(({ remark }) => (remarks.length > 1 ? `- ${remark}` : remark)),
  ];
}

/** The figures of all scenarios in one table: every promise beside what came of it. */
export function figureTable({ scenarios }: KeptResult): string[] {
  const rows = scenarios.flatMap((scenario) =>
    'failed' in scenario
      ? [[`${scenario.name}: FAILED`, '', '', '', 'NO']]
      : scenario.figures.map((figure) => namedCells(scenario.name, figure)),
  );
  return markdownTable([figureHeads, ...rows]);
}

const figureHeads = ['figure', 'unit', 'promised', 'measured', 'kept'];

function measureCells({ what, unit, count, least, p50, p95, p99, most }: KeptMeasure): string[] {
  return [what, unit, String(count), ...[least, p50, p95, p99, most].map(shown)];
}

function namedCells(scenario: string, figure: KeptFigure): string[] {
  return figureCells({ ...figure, what: `${scenario}: ${figure.what}` });
}

function figureCells(figure: KeptFigure): string[] {
  const promised = `${figure.bound} ${shown(figure.promised)}`;
  return [figure.what, figure.unit, promised, shown(figure.measured), isMet(figure) ? 'yes' : 'NO'];
}
