import type { Side } from '../contestant.ts';
import type { KeptResult, KeptScenario } from '../kept-result.ts';
import { circumstancesOf } from '../table.ts';
import { latencyRanges } from './latency-ranges.ts';
import { rateBars } from './rate-bars.ts';
import { LAYOUT, styleSheet } from './style.ts';
import { type Block, element, escaped, stacked, textAt } from './svg.ts';

const MARGIN = 20;

/** A result as an SVG picture by itself, readable on light and on dark: rates beside the bare server's, and times. */
export function chartOf(result: KeptResult): string {
  const title = `Punctual, measured ${result.at.slice(0, 10)}, commit ${result.code.commit}`;
  const content = stacked([
    topOf(title, result),
    legend(),
    ...result.scenarios.flatMap(scenarioBlocks),
  ]);
  const height = content.height + 2 * MARGIN;
  const picture = element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${LAYOUT.width} ${Math.ceil(height)}`,
      width: LAYOUT.width,
      height: Math.ceil(height),
      role: 'img',
    },
    element('title', {}, escaped(title)),
    `<style>${styleSheet()}</style>`,
    element('rect', { class: 'surface', width: LAYOUT.width, height: Math.ceil(height) }),
    element('g', { transform: `translate(0 ${MARGIN})` }, content.svg),
  );
  return `${picture}\n`;
}

function topOf(title: string, result: KeptResult): Block {
  const lines = circumstancesOf(result).flatMap(folded);
  return {
    height: 36 + lines.length * 16,
    svg: [
      textAt(MARGIN, 18, title, { class: 'name' }),
      ...lines.map((line, index) => textAt(MARGIN, 40 + index * 16, line, { class: 'faint' })),
    ].join('\n'),
  };
}

/** A line of the picture holds about so many letters. */
const LETTERS = 150;

/** SVG does not break lines by itself. */
function folded(text: string): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > LETTERS) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

const SIDES: readonly (readonly [Side, string])[] = [
  ['ours', 'Punctual'],
  ['bare', 'bare node:http'],
  ['peer', 'what it is compared with'],
];

/** Colour is never alone: each row is named, and Punctual's are bold. */
function legend(): Block {
  const swatches = SIDES.map(([side, name], index) => {
    const x = MARGIN + index * 140;
    const square = { class: side, x, y: 2, width: 12, height: 12, 'stroke-width': 0 };
    return element('rect', square) + textAt(x + 18, 12, name);
  });
  return { height: 24, svg: swatches.join('\n') };
}

function scenarioBlocks(scenario: KeptScenario): Block[] {
  const top = {
    height: 62,
    svg: [
      textAt(MARGIN, 34, scenario.name, { class: 'name' }),
      textAt(MARGIN, 52, scenario.question, { class: 'faint' }),
    ].join('\n'),
  };
  if ('failed' in scenario) return [top, failure(scenario.failed.split('\n')[0] ?? '')];
  const plots = [...rateBars(scenario.measures), ...latencyRanges(scenario.measures)];
  return plots.length === 0 ? [] : [top, ...plots];
}

function failure(why: string): Block {
  const lines = folded(`FAILED: ${why}`);
  const svg = lines.map((line, index) => textAt(MARGIN, 14 + index * 16, line)).join('\n');
  return { height: 20 + lines.length * 16, svg };
}
