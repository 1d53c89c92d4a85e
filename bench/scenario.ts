import type { Measure } from './measure/measure.ts';

/** One question that the bench answers with numbers. */
export interface Scenario {
  readonly name: string;
  /** What a reader wants to know, as a question. */
  readonly question: string;
  /** Starts what it needs, measures, and leaves nothing running; rejects when what it measured was not what it asked about. */
  run(setting: Setting): Promise<Finding>;
}

/** What the command gives every scenario. */
export interface Setting {
  /** Few rounds over a small dataset. */
  readonly quick: boolean;
  /** Aborts when the user stops the bench or the scenario takes too long. */
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
}

/** What a scenario found. */
export interface Finding {
  readonly measures: readonly Measure[];
  readonly figures: readonly Figure[];
  /** What a reader must know to understand the numbers. */
  readonly remarks: readonly Remark[];
}

/** A number that was promised, beside the one that was measured. */
export interface Figure {
  readonly what: string;
  readonly unit: string;
  readonly bound: 'at most' | 'at least';
  readonly promised: number;
  readonly measured: number;
}

/** A sentence; an object, so that results stay easy to compare line by line. */
export interface Remark {
  readonly remark: string;
}

/** Whether the measured number keeps the promise. */
export function isMet({ bound, promised, measured }: Figure): boolean {
  return bound === 'at most' ? measured <= promised : measured >= promised;
}
