import type { KeptResult } from '../kept-result.ts';
import { markdownTable, shown } from '../markdown-table.ts';
import type { Comparison, Row } from './compare-results.ts';

/** A comparison for people to read: a table for each scenario, then what it comes to. Valid Markdown. */
export function comparisonText(comparison: Comparison): string {
  const scenarios = [...new Set(comparison.rows.map(({ scenario }) => scenario))];
  const sections = scenarios.flatMap((name) =>
    sectionOf(
      name,
      comparison.rows.filter(({ scenario }) => scenario === name),
    ),
  );
  return [...sections, ...conclusionOf(comparison)].join('\n');
}

/** One line that says which result this is. */
export function nameOf({ at, code, machine }: KeptResult): string {
  const commit = `commit ${code.commit}${code.changed ? ' with changes' : ''}`;
  return `${at}, ${commit}, ${machine.cores} × ${machine.cpu}, Node ${machine.node}`;
}

const HEADS = ['what', 'unit', 'before', 'after', 'after / before', 'of its p99', 'verdict'];

function sectionOf(scenario: string, rows: readonly Row[]): string[] {
  return [`## ${scenario}`, '', ...markdownTable([HEADS, ...rows.map(cellsOf)]), ''];
}

function cellsOf({ kind, what, unit, before, after, ratio, p99Ratio, verdict }: Row): string[] {
  return [
    kind === 'figure' ? `figure: ${what}` : what,
    unit,
    shown(before),
    shown(after),
    ratio === undefined ? '–' : ratio.toFixed(2),
    p99Ratio === undefined ? '' : p99Ratio.toFixed(2),
    verdict === 'worse' ? 'WORSE' : verdict,
  ];
}

function conclusionOf({ rows, failed, onlyBefore, onlyAfter, tolerance }: Comparison): string[] {
  const worse = rows.filter(({ verdict }) => verdict === 'worse');
  const judged = rows.filter(({ verdict }) => verdict !== 'not judged').length;
  const percent = `${Math.round(tolerance * 1_000) / 10} %`;
  return [
    worse.length === 0
      ? `Of ${judged} numbers that are judged none is more than ${percent} worse.`
      : `${worse.length} of ${judged} numbers that are judged are more than ${percent} worse:`,
    ...worse.map((row) => `- ${row.scenario}: ${changeOf(row)}`),
    ...(failed.length === 0 ? [] : [`FAILED, and did not before: ${failed.join(', ')}.`]),
    ...(onlyBefore.length === 0 ? [] : [`Only before: ${onlyBefore.join('; ')}.`]),
    ...(onlyAfter.length === 0 ? [] : [`Only after: ${onlyAfter.join('; ')}.`]),
  ];
}

function changeOf({ what, unit, before, after, ratio }: Row): string {
  const times = ratio === undefined ? '' : `, ${ratio.toFixed(2)} times`;
  return `${what}: ${shown(before)} → ${shown(after)} ${unit}${times}`;
}
