import { sideOf } from '../contestant.ts';
import type { KeptFigure, KeptMeasure, KeptResult } from '../kept-result.ts';

/** Two results side by side. */
export interface Comparison {
  readonly tolerance: number;
  readonly rows: readonly Row[];
  /** Scenarios that gave an answer before and fail now. */
  readonly failed: readonly string[];
  /** What only one of the two has: whole scenarios, or `<scenario>: <what>`. */
  readonly onlyBefore: readonly string[];
  readonly onlyAfter: readonly string[];
}

/** One number in both results: of a measure its median, of a figure what was measured. */
export interface Row {
  readonly scenario: string;
  readonly kind: 'measure' | 'figure';
  readonly what: string;
  readonly unit: string;
  readonly before: number;
  readonly after: number;
  /** After / before; left out where that is no number. */
  readonly ratio?: number;
  /** The same of a measure's 99th percentile; told, and never judged. */
  readonly p99Ratio?: number;
  readonly verdict: Verdict;
}

/** Beyond the tolerance or within it; not judged is what is not Punctual's own, and what is neither more nor less wanted. */
export type Verdict = 'better' | 'same' | 'worse' | 'not judged';

/** Compares what both results have; a tolerance of 0.1 lets a time grow by a tenth, and a rate shrink to 1 / 1.1. */
export function compareResults(
  before: KeptResult,
  after: KeptResult,
  tolerance: number,
): Comparison {
  const failed = failedSince(before, after);
  const old = valuesOf(before).filter(({ scenario }) => !failed.includes(scenario));
  const now = valuesOf(after);
  const byKey = new Map(now.map((value) => [keyOf(value), value]));
  const rows = old.flatMap((value) => {
    const later = byKey.get(keyOf(value));
    return later === undefined ? [] : [rowOf(value, later, tolerance)];
  });
  const [onlyBefore, onlyAfter] = [missingFrom(now, old), missingFrom(old, now)];
  return { tolerance, rows, failed, onlyBefore, onlyAfter };
}

/** Whether anything is worse than it was: a number beyond the tolerance, or a scenario that fails now. */
export function isWorse({ rows, failed }: Comparison): boolean {
  return failed.length > 0 || rows.some(({ verdict }) => verdict === 'worse');
}

function failedSince(before: KeptResult, after: KeptResult): string[] {
  const measured = before.scenarios.filter((scenario) => !('failed' in scenario));
  const names = new Set(measured.map(({ name }) => name));
  return after.scenarios.flatMap((one) =>
    'failed' in one && names.has(one.name) ? [one.name] : [],
  );
}

interface Value {
  readonly scenario: string;
  readonly kind: Row['kind'];
  readonly what: string;
  readonly unit: string;
  readonly value: number;
  readonly p99?: number;
  readonly wanted: 'less' | 'more' | 'neither';
}

function valuesOf({ scenarios }: KeptResult): Value[] {
  return scenarios.flatMap((scenario) => {
    if ('failed' in scenario) return [];
    const { name, measures, figures } = scenario;
    return [
      ...measures.map((measure) => measureValue(name, measure)),
      ...figures.map((figure) => figureValue(name, figure)),
    ];
  });
}

function measureValue(scenario: string, { what, unit, p50, p99 }: KeptMeasure): Value {
  const wanted = sideOf(what) === 'ours' ? (WANTED[unit] ?? 'neither') : 'neither';
  return { scenario, kind: 'measure', what, unit, value: p50, p99, wanted };
}

/** Other units, such as a plain ratio, do not say by themselves which way is better. */
const WANTED: Readonly<Record<string, Value['wanted']>> = {
  ms: 'less',
  'requests/s': 'more',
  'ms / bare': 'less',
  'requests/s / bare': 'more',
};

function figureValue(scenario: string, { what, unit, bound, measured }: KeptFigure): Value {
  const wanted = bound === 'at most' ? 'less' : 'more';
  return { scenario, kind: 'figure', what, unit, value: measured, wanted };
}

function keyOf({ scenario, kind, what, unit }: Value): string {
  return JSON.stringify([scenario, kind, what, unit]);
}

function rowOf(before: Value, after: Value, tolerance: number): Row {
  const { scenario, kind, what, unit, wanted } = before;
  const ratio = ratioOf(before.value, after.value);
  const p99Ratio = ratioOf(before.p99, after.p99);
  return {
    scenario,
    kind,
    what,
    unit,
    before: before.value,
    after: after.value,
    ...(ratio === undefined ? {} : { ratio }),
    ...(p99Ratio === undefined ? {} : { p99Ratio }),
    verdict: verdictOf(wanted, before.value, after.value, tolerance),
  };
}

function ratioOf(before = Number.NaN, after = Number.NaN): number | undefined {
  const ratio = before === after ? 1 : after / before;
  return Number.isFinite(ratio) ? ratio : undefined;
}

/** Without a division, so that three failures after none are worse too. */
function verdictOf(
  wanted: Value['wanted'],
  before: number,
  after: number,
  tolerance: number,
): Verdict {
  if (wanted === 'neither' || Number.isNaN(before) || Number.isNaN(after)) return 'not judged';
  const [low, high] = wanted === 'less' ? [before, after] : [after, before];
  if (high > low * (1 + tolerance)) return 'worse';
  return low > high * (1 + tolerance) ? 'better' : 'same';
}

/** What of `values` the others have not. */
function missingFrom(others: readonly Value[], values: readonly Value[]): string[] {
  const keys = new Set(others.map(keyOf));
  const scenarios = new Set(others.map(({ scenario }) => scenario));
  const missing = values.filter((value) => !keys.has(keyOf(value)));
  const names = missing.map(({ scenario, what }) =>
    scenarios.has(scenario) ? `${scenario}: ${what}` : scenario,
  );
  return [...new Set(names)];
}
