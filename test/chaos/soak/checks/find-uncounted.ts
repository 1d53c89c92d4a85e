import type { Line, RequestLine } from '../history.ts';
import { type Violation, violation } from '../violation.ts';

/** Requests without exactly one end, and ends that are of no known kind (I4). */
export function findUncounted(lines: readonly Line[]): Violation[] {
  const requests = lines.filter((line) => line.type === 'request');
  const byLoad = Map.groupBy(requests, ({ load }) => load);
  const sent = lines.filter((line) => line.type === 'sent');
  const counted = sent.flatMap(({ at, load, count }) =>
    unevenEnds(at, load, count, byLoad.get(load) ?? []),
  );
  const endless = requests
    .filter(({ outcome, broken }) => (outcome === undefined) === (broken === undefined))
    .map(({ at, load, number, outcome, broken }) =>
      violation(at, 'I4', `${load} ${number} ended as ${outcome} and ${broken}`),
    );
  return [...counted, ...endless];
}

/** How often each outcome came: every request is in exactly one of them. */
export function countOutcomes(lines: readonly Line[]): Readonly<Record<string, number>> {
  const requests = lines.filter((line) => line.type === 'request');
  const groups = Map.groupBy(requests, ({ outcome, broken }) => outcome ?? broken ?? 'nothing');
  const counts = [...groups].map(([outcome, same]) => [outcome, same.length] as const);
  return Object.fromEntries(counts.toSorted((a, b) => b[1] - a[1]));
}

function unevenEnds(
  at: number,
  load: string,
  count: number,
  requests: readonly RequestLine[],
): Violation[] {
  const ends = Map.groupBy(requests, ({ number }) => number);
  const missing = Array.from({ length: count }, (_, number) => number).filter(
    (number) => !ends.has(number),
  );
  const twice = [...ends].filter(([, same]) => same.length > 1);
  return [
    ...missing.map((number) => violation(at, 'I4', `${load} ${number} has no end`)),
    ...twice.map(([number, same]) =>
      violation(same[0]?.at ?? at, 'I4', `${load} ${number} has ${same.length} ends`),
    ),
    ...(ends.size > count
      ? [violation(at, 'I4', `${ends.size} ends of ${load}, ${count} sent`)]
      : []),
  ];
}
