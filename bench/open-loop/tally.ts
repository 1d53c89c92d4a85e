import type { Exchange } from './exchange.ts';
import { createHistogram, type Histogram } from './histogram.ts';

/** What came of many errands. */
export interface Tally {
  readonly note: (errand: { readonly kind: string }, exchanges: readonly Exchange[]) => void;
  /** From the instant at which an errand was due to the end of its last question, answered or failed. */
  readonly times: Histogram;
  readonly timesByKind: ReadonlyMap<string, Histogram>;
  /** Of single answers, by where their rows come from. */
  readonly timesBySource: ReadonlyMap<string, Histogram>;
  /** How many questions were answered, and how many not. */
  readonly answers: number;
  readonly failures: number;
  /** The part of all answers with rows that are `fresh`; not a number when there are none. */
  readonly hitRate: number;
  /** Where the rows came from, and why questions failed, in words: `fresh 12, live 3; failed: 503 overloaded 2`. */
  readonly summary: string;
}

/** A tally of nothing. */
export function createTally(): Tally {
  const times = createHistogram();
  const timesByKind = new Map<string, Histogram>();
  const timesBySource = new Map<string, Histogram>();
  const failuresByReason = new Map<string, number>();
  let answers = 0;
  let failures = 0;

  function noteOne(one: Exchange): void {
    if (one.kind === 'failure') {
      failures++;
      failuresByReason.set(one.why, (failuresByReason.get(one.why) ?? 0) + 1);
      return;
    }
    answers++;
    if (one.source !== undefined) histogramIn(timesBySource, one.source).add(one.tookMs);
  }
  const countFrom = (source: string) => timesBySource.get(source)?.count ?? 0;
  return {
    note({ kind }, exchanges) {
      for (const one of exchanges) noteOne(one);
      const tookMs = Math.max(...exchanges.map((one) => one.tookMs));
      times.add(tookMs);
      histogramIn(timesByKind, kind).add(tookMs);
    },
    times,
    timesByKind,
    timesBySource,
    get answers() {
      return answers;
    },
    get failures() {
      return failures;
    },
    get hitRate() {
      const withRows = [...timesBySource.values()].reduce((sum, { count }) => sum + count, 0);
      return countFrom('fresh') / withRows;
    },
    get summary() {
      const sources = [...timesBySource].map(([source, { count }]) => `${source} ${count}`);
      const reasons = [...failuresByReason].map(([why, count]) => `${why} ${count}`);
      const failed = reasons.length === 0 ? [] : [`failed: ${reasons.join(', ')}`];
      return [sources.join(', '), ...failed].join('; ');
    },
  };
}

function histogramIn(all: Map<string, Histogram>, name: string): Histogram {
  const found = all.get(name) ?? createHistogram();
  all.set(name, found);
  return found;
}
