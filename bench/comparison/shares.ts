import { bareBeside, shareOfBare, sideOf } from '../contestant.ts';
import type { KeptMeasure, KeptResult, KeptScenario } from '../kept-result.ts';

/** What depends on how fast a machine is. */
const SPEEDS = new Set(['ms', 'requests/s']);

/**
 * What of a result can be compared across machines: Punctual's own measures as multiples of the bare server's median in
 * the same scenario and under the same load, and the figures that are ratios or counts. Scenarios without any are left out.
 */
export function inShares(result: KeptResult): KeptResult {
  const scenarios = result.scenarios.flatMap((scenario) => sharesOf(scenario));
  return { ...result, scenarios };
}

function sharesOf(scenario: KeptScenario): KeptScenario[] {
  if ('failed' in scenario) return [scenario];
  const measures = scenario.measures.flatMap((measure) => shareOf(measure, scenario.measures));
  const figures = scenario.figures.filter(({ unit }) => !SPEEDS.has(unit));
  return measures.length + figures.length === 0 ? [] : [{ ...scenario, measures, figures }];
}

function shareOf(measure: KeptMeasure, all: readonly KeptMeasure[]): KeptMeasure[] {
  const bare = bareBeside(measure, all);
  if (sideOf(measure.what) !== 'ours' || bare === undefined) return [];
  const { least, p95, p99, most } = measure;
  return [
    {
      ...measure,
      unit: `${measure.unit} / bare`,
      least: least / bare.p50,
      p50: shareOfBare(measure, bare, all),
      p95: p95 / bare.p50,
      p99: p99 / bare.p50,
      most: most / bare.p50,
    },
  ];
}
