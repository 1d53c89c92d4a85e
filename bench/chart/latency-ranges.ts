import { sideOf } from '../contestant.ts';
import type { KeptMeasure } from '../kept-result.ts';
import { shown } from '../markdown-table.ts';
import { axis, AXIS_HEIGHT, logarithmicScale, type Scale } from './axis.ts';
import { type Percentiles, percentilesOf } from './percentiles.ts';
import { type Row, rowsOf } from './row.ts';
import { LAYOUT } from './style.ts';
import { type Block, element, textAt } from './svg.ts';

/** The percentiles of all times of a scenario: a line from the least to the 99th; nothing where no times are measured. */
export function latencyRanges(measures: readonly KeptMeasure[]): Block[] {
  const times = percentilesOf(measures).filter(hasPlace);
  if (times.length === 0) return [];
  const scale = logarithmicScale(times.flatMap(valuesOf));
  const height = times.length * LAYOUT.row;
  const plot = [
    axis(scale, height, (tick) => `${tick.toLocaleString('en')} ms`),
    rowsOf(times.map((time) => rangeRow(time, scale))),
  ].join('\n');
  const heading = 'Time in ms, logarithmic: median, 95th and 99th percentile';
  return [
    {
      height: 24 + height + AXIS_HEIGHT,
      svg: [
        textAt(LAYOUT.plotLeft, 14, heading, { class: 'heading' }),
        element('g', { transform: 'translate(0 24)' }, plot),
      ].join('\n'),
    },
  ];
}

/** A difference of two times can be 0 or less, which has no place on a logarithmic scale. */
function hasPlace(times: Percentiles): boolean {
  return valuesOf(times).every((ms) => ms > 0 && Number.isFinite(ms));
}

function valuesOf({ p50, p95, p99 }: Percentiles): number[] {
  return [p50, p95, p99].filter((ms) => ms !== undefined);
}

function rangeRow(times: Percentiles, { xOf }: Scale): Row {
  const { what, p50, p95, p99 } = times;
  const side = sideOf(what);
  const all = valuesOf(times).map(xOf);
  const line = { x1: Math.min(...all), x2: Math.max(...all), y1: 0, y2: 0, 'stroke-width': 2 };
  const mark = [element('line', { class: side, ...line })];
  if (p95 !== undefined) mark.push(strokeAt(xOf(p95), side));
  if (p99 !== undefined) mark.push(dotAt(xOf(p99), `hollow ${side}`, 3.5));
  if (p50 !== undefined) mark.push(dotAt(xOf(p50), side, 4));
  const numbers = [p50, p95, p99].map((ms) => (ms === undefined ? '–' : shown(ms))).join('  ·  ');
  return { what, mark: mark.join(''), numbers };
}

function strokeAt(x: number, side: string): string {
  return element('line', { class: side, x1: x, x2: x, y1: -5, y2: 5, 'stroke-width': 2 });
}

function dotAt(x: number, side: string, r: number): string {
  return element('circle', { class: side, cx: x, cy: 0, r, 'stroke-width': 2 });
}
