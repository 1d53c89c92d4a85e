import type { Side } from '../contestant.ts';

/** Pixels; labels end where the plot begins, and values begin behind its end. */
export const LAYOUT = { width: 1000, plotLeft: 392, plotRight: 762, row: 22 } as const;

interface Theme {
  readonly surface: string;
  readonly ink: string;
  readonly faint: string;
  readonly grid: string;
  readonly sides: Readonly<Record<Side, string>>;
}

const LIGHT: Theme = {
  surface: '#ffffff',
  ink: '#16191d',
  faint: '#5c6670',
  grid: '#dfe3e8',
  sides: { ours: '#1f6fd1', peer: '#98a2ae', bare: '#4a535d' },
};
const DARK: Theme = {
  surface: '#14171a',
  ink: '#f1f3f5',
  faint: '#a3adb8',
  grid: '#30363d',
  sides: { ours: '#58a6ff', peer: '#768390', bare: '#c5ced8' },
};

/** The style sheet of a chart: it follows the reader's light or dark, and brings its own background for viewers that do not. */
export function styleSheet(): string {
  return [
    'text { font: 12px system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif }',
    'text.name { font-size: 17px; font-weight: 600 }',
    'text.heading { font-weight: 600 }',
    'text.own { font-weight: 600 }',
    ...rulesOf(LIGHT),
    `@media (prefers-color-scheme: dark) { ${rulesOf(DARK).join(' ')} }`,
  ].join('\n');
}

function rulesOf({ surface, ink, faint, grid, sides }: Theme): string[] {
  return [
    `.surface { fill: ${surface} }`,
    `text { fill: ${ink} }`,
    `text.faint { fill: ${faint} }`,
    `.grid { stroke: ${grid}; stroke-width: 1 }`,
    ...Object.entries(sides).flatMap(([side, colour]) => [
      `.${side} { fill: ${colour}; stroke: ${colour} }`,
      `.hollow.${side} { fill: ${surface} }`,
    ]),
  ];
}
