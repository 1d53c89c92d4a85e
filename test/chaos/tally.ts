import { type Exchange, percentile, tookMs } from './judges/client/exchange.ts';

/** So many keys that nobody else uses. */
export function keys(run: string, count: number): string[] {
  return Array.from({ length: count }, (_, number) => `${run}-${number}`);
}

/** How many exchanges came to this outcome: a source, or the code of a problem. */
export function countBy(exchanges: readonly Exchange[], ...outcomes: readonly string[]): number {
  return exchanges.filter(({ outcome }) => outcome !== undefined && outcomes.includes(outcome))
    .length;
}

/** Milliseconds to the last byte of the slowest whole answer. */
export function slowestMs(exchanges: readonly Exchange[]): number {
  return Math.round(Math.max(0, ...wholeMs(exchanges)));
}

/** Milliseconds below which this share of the whole answers took. */
export function shareMs(exchanges: readonly Exchange[], share: number): number {
  return Math.round(percentile(wholeMs(exchanges), share));
}

/** The outcomes and how often each came, for a report: `stale 18, timeout 2`. */
export function outcomes(exchanges: readonly Exchange[]): string {
  const counts = Map.groupBy(exchanges, ({ outcome, broken }) => outcome ?? broken ?? 'nothing');
  return [...counts].map(([outcome, same]) => `${outcome} ${same.length}`).join(', ');
}

/** The reasons that the parts of the answers give, and how often each came: `timeout 2, shed 1`. */
export function reasons(exchanges: readonly Exchange[]): string {
  const given = exchanges.flatMap(({ parts = {} }) =>
    Object.values(parts).flatMap(({ reason }) => reason ?? []),
  );
  const counts = Map.groupBy(given, (reason) => reason);
  return [...counts].map(([reason, same]) => `${reason} ${same.length}`).join(', ');
}

function wholeMs(exchanges: readonly Exchange[]): number[] {
  return exchanges.map(tookMs).filter(Number.isFinite);
}
