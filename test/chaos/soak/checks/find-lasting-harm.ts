import { episodesOf } from '../episodes.ts';
import type { Line, MemoryLine } from '../history.ts';
import { type Violation, violation } from '../violation.ts';

/** What is not well again in time (I7), ends that nobody made (I8), and what was found when all was over. */
export function findLastingHarm(lines: readonly Line[]): Violation[] {
  return [
    ...slowRecoveries(lines),
    ...badCalm(lines),
    ...strangeExits(lines),
    ...endFindings(lines),
  ];
}

function slowRecoveries(lines: readonly Line[]): Violation[] {
  return lines.flatMap((line) => {
    if (line.type !== 'recovery') return [];
    const { at, query, after, tookMs = Number.POSITIVE_INFINITY, mostMs } = line;
    if (tookMs <= mostMs) return [];
    const when = Number.isFinite(tookMs) ? `after ${Math.round(tookMs)} ms` : 'not at all';
    const what = `${query} well again ${when}, ${mostMs} ms at most`;
    return [violation(at, 'I7', `${what}, after fault ${after.join(' and ')}`)];
  });
}

/** Loads that nothing but a fault keeps from good answers. */
const calmLoads = new Set(['hits', 'misses']);

/** Long enough after one fault and wholly before the next, answers are good. */
function badCalm(lines: readonly Line[]): Violation[] {
  const episodes = episodesOf(lines);
  const mostMs = Math.max(
    0,
    ...lines.flatMap((line) => (line.type === 'recovery' ? line.mostMs : [])),
  );
  return lines.flatMap((line) => {
    if (line.type !== 'request' || !calmLoads.has(line.load)) return [];
    const { at, load, number, outcome, broken, lastByteMs = Number.POSITIVE_INFINITY } = line;
    if (outcome === 'live' || outcome === 'fresh') return [];
    const isTroubled = episodes.some(
      ({ from, to }) => from <= at + lastByteMs && to + mostMs >= at,
    );
    if (isTroubled) return [];
    return [
      violation(at, 'I7', `${load} ${number}: ${outcome ?? broken} while nothing was broken`),
    ];
  });
}

function strangeExits(lines: readonly Line[]): Violation[] {
  const killed = new Set(lines.flatMap((line) => (line.type === 'kill' ? [line.pid] : [])));
  return lines.flatMap((line) =>
    line.type === 'exit' && !killed.has(line.pid)
      ? [violation(line.at, 'I8', `a ${line.role} process ended by itself: ${line.pid}`)]
      : [],
  );
}

function endFindings(lines: readonly Line[]): Violation[] {
  return lines.flatMap((line) =>
    line.type === 'end'
      ? line.findings.map(({ invariant, what }) => violation(line.at, invariant, what))
      : [],
  );
}

const youngMs = 4 * 60_000;
const mostGrowth = 1.15;
const allowanceBytes = 24 * 2 ** 20;

/** Memory that grows (I6): the highest of a role's processes in the last third, against the second; young processes find their size. */
export function findGrowth(lines: readonly Line[]): Violation[] {
  const start = lines.find((line) => line.type === 'start');
  const samples = lines.filter((line) => line.type === 'memory');
  const last = samples.at(-1);
  if (start === undefined || last === undefined || last.at - start.at < youngMs) return [];
  const third = (last.at - start.at) / 3;
  const inThird = (number: number) => (sample: MemoryLine) =>
    Math.min(2, Math.floor((sample.at - start.at) / third)) === number;
  return [...Map.groupBy(samples, ({ role }) => role)].flatMap(([role, same]) => {
    const before = highBytes(same.filter(inThird(1)));
    const now = highBytes(same.filter(inThird(2)));
    if (now <= before * mostGrowth + allowanceBytes) return [];
    const what = `${role}: ${mebibytes(before)} MiB in the second third, ${mebibytes(now)} MiB in the last`;
    return [violation(last.at, 'I6', what)];
  });
}

/** What 9 of 10 samples stay below: one moment of much is no growth. */
function highBytes(samples: readonly MemoryLine[]): number {
  const sorted = samples.map(({ bytes }) => bytes).toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length * 0.9)] ?? 0;
}

function mebibytes(bytes: number): number {
  return Math.round(bytes / 2 ** 20);
}
