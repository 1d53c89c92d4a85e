import { sideOf } from '../contestant.ts';
import { LAYOUT } from './style.ts';
import { element, escaped, textAt } from './svg.ts';

/** One thing that is measured: what it is, its mark in the plot, and its numbers in words. */
export interface Row {
  readonly what: string;
  /** SVG around the row's middle line, which is at 0. */
  readonly mark: string;
  readonly numbers: string;
}

/** Rows one below the other, from the top. */
export function rowsOf(rows: readonly Row[]): string {
  return rows.map((row, index) => placed(row, (index + 0.5) * LAYOUT.row)).join('\n');
}

function placed({ what, mark, numbers }: Row, middle: number): string {
  const own = sideOf(what) === 'ours' ? { class: 'own' } : {};
  return element(
    'g',
    { transform: `translate(0 ${middle})` },
    element('title', {}, escaped(`${what}: ${numbers}`)),
    textAt(LAYOUT.plotLeft - 10, 4, clipped(what), { 'text-anchor': 'end', ...own }),
    mark,
    textAt(LAYOUT.plotRight + 12, 4, numbers, own),
  );
}

/** The label column holds about so many letters; the whole is in the row's title. */
const LETTERS = 56;

function clipped(text: string): string {
  return text.length <= LETTERS ? text : `${text.slice(0, LETTERS - 1)}…`;
}
