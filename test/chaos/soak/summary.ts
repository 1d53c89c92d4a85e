import { countOutcomes } from './checks/find-uncounted.ts';
import type { Line } from './history.ts';
import type { Violation } from './violation.ts';

/** What a soak came to, for its report. */
export interface SoakSummary {
  readonly seed: number;
  readonly minutes: number;
  readonly requests: number;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly slowestMs: number;
  readonly jobs: number;
  /** How often each kind of fault was injected. */
  readonly faults: Readonly<Record<string, number>>;
  readonly recoveries: number;
  readonly slowestRecoveryMs: number;
  readonly violations: number;
  /** The first ones. */
  readonly told: readonly string[];
}

const mostTold = 10;

/** Counts what stands in a history. */
export function summaryOf(lines: readonly Line[], violations: readonly Violation[]): SoakSummary {
  const start = lines.find((line) => line.type === 'start');
  const requests = lines.filter((line) => line.type === 'request');
  const faults = lines.filter((line) => line.type === 'fault' && line.phase === 'begins');
  const recoveries = lines.filter((line) => line.type === 'recovery');
  return {
    seed: start?.seed ?? 0,
    minutes: start?.minutes ?? 0,
    requests: requests.length,
    outcomes: countOutcomes(lines),
    slowestMs: most(requests.map(({ lastByteMs }) => lastByteMs ?? 0)),
    jobs: lines.filter(({ type }) => type === 'job').length,
    faults: counts(faults.flatMap((line) => (line.type === 'fault' ? [line.harm.kind] : []))),
    recoveries: recoveries.length,
    slowestRecoveryMs: most(recoveries.map(({ tookMs }) => tookMs ?? 0)),
    violations: violations.length,
    told: violations.slice(0, mostTold).map(({ invariant, what }) => `${invariant}: ${what}`),
  };
}

/** The summary as lines of text, which are Markdown as well. */
export function summaryText(summary: SoakSummary): string[] {
  const { seed, minutes, requests, slowestMs, jobs, recoveries, slowestRecoveryMs } = summary;
  const verdict =
    summary.violations === 0 ? 'nothing was violated' : `${summary.violations} violations`;
  return [
    `- Seed ${seed}, ${minutes} minutes: ${verdict}.`,
    `- ${requests} requests, the slowest answer after ${slowestMs} ms: ${listed(summary.outcomes)}.`,
    `- ${total(summary.faults)} faults: ${listed(summary.faults)}.`,
    `- ${recoveries} recoveries were looked at, the slowest took ${slowestRecoveryMs} ms.`,
    `- ${jobs} warehouse jobs.`,
    ...summary.told.map((what) => `- **violated**: ${what.split('\n')[0]}`),
  ];
}

function counts(words: readonly string[]): Record<string, number> {
  const groups = Map.groupBy(words.toSorted(), (word) => word);
  return Object.fromEntries([...groups].map(([word, same]) => [word, same.length]));
}

function most(values: readonly number[]): number {
  return Math.round(values.reduce((highest, value) => Math.max(highest, value), 0));
}

function total(of: Readonly<Record<string, number>>): number {
  return Object.values(of).reduce((sum, count) => sum + count, 0);
}

function listed(of: Readonly<Record<string, number>>): string {
  return Object.entries(of)
    .map(([word, count]) => `${word} ${count}`)
    .join(', ');
}
