import type { KeptMeasure } from './kept-result.ts';

/** Whose a measure is: the bare server's that everything is compared with, somebody else's, or Punctual's. */
export type Side = 'bare' | 'peer' | 'ours';

/** How the measures of others begin; `p95 of …` may stand before it. */
const BARE = /^(?:p\d+ of )?bare node:http/i;
const PEER =
  /^(?:p\d+ of )?(?:client:|the official client|express|fastify|nginx|varnish|the slowest job by the warehouse|sent after it was due)/i;

/** Whose a measure is, by what it is called. */
export function sideOf(what: string): Side {
  if (BARE.test(what)) return 'bare';
  return PEER.test(what) ? 'peer' : 'ours';
}

/**
 * The bare server's measure that this one stands beside: of the same unit, and under the load that its name ends with, as
 * in `bare node:http, 32 at once`. Undefined where the scenario has none.
 */
export function bareBeside(
  { what, unit }: Pick<KeptMeasure, 'what' | 'unit'>,
  measures: readonly KeptMeasure[],
): KeptMeasure | undefined {
  return measures
    .filter((other) => sideOf(other.what) === 'bare' && other.unit === unit)
    .filter((bare) => what.endsWith(endingOf(bare)))
    .toSorted((a, b) => endingOf(b).length - endingOf(a).length)[0];
}

/**
 * A measure's median as a share of the bare server's beside it: the median of the rounds' shares where the scenario has
 * measured that under `<contestant> / bare node:http`, else the ratio of the medians.
 */
export function shareOfBare(
  { what, unit, p50 }: Pick<KeptMeasure, 'what' | 'unit' | 'p50'>,
  bare: KeptMeasure,
  measures: readonly KeptMeasure[],
): number {
  const contestant = what.slice(0, what.length - endingOf(bare).length);
  const ofRounds = measures.find(
    (other) => other.unit === 'ratio' && other.what === `${contestant} / bare node:http`,
  );
  return unit === 'requests/s' && ofRounds !== undefined ? ofRounds.p50 : p50 / bare.p50;
}

/** Under which load the bare server was measured, in words; empty where its name does not say. */
export function loadOf(bare: KeptMeasure): string {
  return endingOf(bare).replace(/^, /, '');
}

function endingOf(bare: KeptMeasure): string {
  return bare.what.replace(BARE, '');
}
