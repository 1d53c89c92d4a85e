import { until } from '../../until.ts';
import type { Chaos } from '../row.ts';
import { ask } from '../question.ts';
import { countBy, outcomes, reasons, shareMs, slowestMs } from '../tally.ts';

/** How many ask the same at the same instant. */
export const crowdSize = 10_000;

/** Lets a crowd ask the same question at once, does `meanwhile` while its job runs, and claims that all get its rows. */
export async function askAsCrowd(
  chaos: Chaos,
  jobMs: number,
  mostJobs: number,
  meanwhile: () => Promise<unknown> = () => Promise.resolve(),
) {
  await chaos.faults({ match: { query: 'popular' }, latencyMs: jobMs });
  const asking = chaos.fire({
    questions: ask('popular', `${chaos.run}-crowd`),
    arrival: { kind: 'at-once', count: crowdSize },
  });
  await until(async () => (await chaos.warehouse.ask('jobs', 'popular')).length > 0);
  await meanwhile();
  const exchanges = await asking;
  await chaos.faults();
  const jobs = (await chaos.warehouse.ask('jobs', 'popular')).length;
  const given = countBy(exchanges, 'live', 'fresh');
  chaos.claim(`all ${crowdSize} get its rows`, given === crowdSize, outcomes(exchanges));
  const what = mostJobs === 1 ? 'exactly one warehouse job' : `at most ${mostJobs} warehouse jobs`;
  chaos.claim(what, jobs >= 1 && jobs <= mostJobs, jobs);
  return {
    crowd: outcomes(exchanges),
    why: reasons(exchanges) || 'nothing to explain',
    jobs,
    p50CrowdMs: shareMs(exchanges, 0.5),
    p99CrowdMs: shareMs(exchanges, 0.99),
    slowestCrowdMs: slowestMs(exchanges),
  };
}
