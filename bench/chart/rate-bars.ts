import { bareBeside, loadOf, shareOfBare, sideOf } from '../contestant.ts';
import type { KeptMeasure } from '../kept-result.ts';
import { axis, AXIS_HEIGHT, linearScale, type Scale } from './axis.ts';
import { type Row, rowsOf } from './row.ts';
import { LAYOUT } from './style.ts';
import { type Block, element, textAt } from './svg.ts';

/** Requests per second as shares of bare node:http, a block of bars for each load; none where no bare server is beside. */
export function rateBars(measures: readonly KeptMeasure[]): Block[] {
  const rates = measures.filter(({ unit }) => unit === 'requests/s');
  const byBare = Map.groupBy(rates, (rate) => bareBeside(rate, rates));
  return [...byBare].flatMap(([bare, group]) =>
    bare === undefined || !(bare.p50 > 0) ? [] : [barsOf(bare, group, measures)],
  );
}

interface Share {
  readonly what: string;
  /** Of the bare server’s. */
  readonly share: number;
  readonly perSecond: number;
}

function barsOf(
  bare: KeptMeasure,
  group: readonly KeptMeasure[],
  measures: readonly KeptMeasure[],
): Block {
  const shares = group
    .filter(({ p50 }) => Number.isFinite(p50))
    .map((rate): Share => {
      const share = shareOfBare(rate, bare, measures);
      return { what: rate.what, share, perSecond: rate.p50 };
    })
    .toSorted((a, b) => b.share - a.share);
  const scale = linearScale(Math.max(...shares.map(({ share }) => share)));
  const height = shares.length * LAYOUT.row;
  const load = loadOf(bare);
  const heading = `Requests per second, as a share of bare node:http${load === '' ? '' : ` (${load})`}`;
  const plot = [
    axis(scale, height, (tick) => String(tick)),
    rowsOf(shares.map((share) => barRow(share, scale))),
  ].join('\n');
  return {
    height: 24 + height + AXIS_HEIGHT,
    svg: [
      textAt(LAYOUT.plotLeft, 14, heading, { class: 'heading' }),
      element('g', { transform: 'translate(0 24)' }, plot),
    ].join('\n'),
  };
}

function barRow({ what, share, perSecond }: Share, { xOf }: Scale): Row {
  const mark = element('rect', {
    class: sideOf(what),
    x: xOf(0),
    y: -6,
    width: Math.max(0, xOf(share) - xOf(0)),
    height: 12,
    'stroke-width': 0,
  });
  const rate = Math.round(perSecond).toLocaleString('en');
  return { what, mark, numbers: `${share.toFixed(2)}  ·  ${rate} requests/s` };
}
