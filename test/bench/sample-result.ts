import type { KeptFigure, KeptMeasure, KeptResult, KeptScenario } from '../../bench/kept-result.ts';

/** A whole result of a quiet machine with these scenarios. */
export function sampleResult(...scenarios: readonly KeptScenario[]): KeptResult {
  return {
    at: '2026-11-20T10:00:00.000Z',
    quick: false,
    code: { commit: 'abc1234567', changed: false },
    machine: { cpu: 'a CPU', cores: 2, memoryGiB: 8, platform: 'linux', node: 'v24.0.0' },
    versions: { nginx: '1.26.3' },
    loadBefore: 0.1,
    loadAfter: 1.5,
    scenarios,
  };
}

/** A scenario that found something. */
export function sampleScenario(
  name: string,
  measures: readonly KeptMeasure[],
  figures: readonly KeptFigure[] = [],
): KeptScenario {
  return { name, question: 'How long?', measures, figures, remarks: [{ remark: 'It was so.' }] };
}

/** A measure around its median: the 99th percentile is three times as much. */
export function sampleMeasure(what: string, unit: string, p50: number): KeptMeasure {
  const [least, p95, p99, most] = [p50 / 2, p50 * 2, p50 * 3, p50 * 4];
  return { what, unit, count: 9, least, p50, p95, p99, most };
}

/** A hit of so many requests per second beside a bare server of so many, and beside a peer. */
export function sampleHit(ours: number, bare: number): KeptScenario {
  const share: KeptFigure = {
    what: 'share of bare node:http',
    unit: 'ratio',
    bound: 'at least',
    promised: 0.9,
    measured: ours / bare,
  };
  const measures = [
    sampleMeasure('a fresh page, 32 at once', 'requests/s', ours),
    sampleMeasure('bare node:http, 32 at once', 'requests/s', bare),
    sampleMeasure('Express, a constant, 32 at once', 'requests/s', bare / 2),
    sampleMeasure('a fresh page, 32 at once', 'ms', 32_000 / ours),
    sampleMeasure('bare node:http, 32 at once', 'ms', 32_000 / bare),
  ];
  return sampleScenario('hit', measures, [share]);
}
