import { LAYOUT } from './style.ts';
import { element, textAt } from './svg.ts';

/** Where a value stands in the plot, and the values that have a line of their own. */
export interface Scale {
  readonly xOf: (value: number) => number;
  readonly ticks: readonly number[];
}

/** From nothing to the most there is: the only honest scale for bars. */
export function linearScale(most: number): Scale {
  const step = [0.25, 0.5, 1, 2].find((size) => most / size <= 6) ?? Math.ceil(most / 6);
  const end = Math.max(1, Math.ceil(most / step)) * step;
  const ticks = Array.from({ length: Math.round(end / step) + 1 }, (_, index) => index * step);
  return { xOf: (value) => between(value / end), ticks };
}

/** Whole powers of ten around all values, which are above 0: times of one scenario can lie far apart. */
export function logarithmicScale(values: readonly number[]): Scale {
  const first = Math.floor(Math.log10(Math.min(...values)));
  const last = Math.max(first + 1, Math.ceil(Math.log10(Math.max(...values))));
  const ticks = Array.from({ length: last - first + 1 }, (_, index) => 10 ** (first + index));
  return { xOf: (value) => between((Math.log10(value) - first) / (last - first)), ticks };
}

/** The lines of a scale over `height` pixels, with their values below. */
export function axis({ xOf, ticks }: Scale, height: number, shown: (tick: number) => string) {
  const lines = ticks.map((tick) => {
    const x = xOf(tick);
    return [
      element('line', { class: 'grid', x1: x, x2: x, y1: 0, y2: height }),
      textAt(x, height + 14, shown(tick), { class: 'faint', 'text-anchor': 'middle' }),
    ].join('');
  });
  return lines.join('\n');
}

/** Pixels that the values below an axis take. */
export const AXIS_HEIGHT = 22;

function between(share: number): number {
  return LAYOUT.plotLeft + share * (LAYOUT.plotRight - LAYOUT.plotLeft);
}
