import { setTimeout as sleep } from 'node:timers/promises';
import { ask } from '../question.ts';
import { defineRow } from '../row.ts';
import { countBy, outcomes, slowestMs } from '../tally.ts';

const count = 5;

export default defineRow({
  id: 'W4',
  title: 'The warehouse takes 15.5 seconds: just outside',
  injected:
    'every job takes 15.5 s; 5 new questions at once of a query that harvests, 5 of one that does not',
  quick: false,
  allows: { warehouse: { runsForMsOf: { late: 20_000 } } },
  async run(chaos) {
    await chaos.faults(
      { match: { query: 'lasting' }, latencyMs: 15_500 },
      { match: { query: 'late' }, latencyMs: 15_500 },
    );
    const arrival = { kind: 'at-once', count } as const;
    const late = ask('late', `${chaos.run}-{n}`);
    const [dropped, harvested] = await Promise.all([
      chaos.fire({ questions: ask('lasting', `${chaos.run}-{n}`), arrival }),
      chaos.fire({ questions: late, arrival }),
    ]);
    await sleep(chaos.isStrict ? 1_500 : 4_000);
    const again = await chaos.fire({ questions: late, arrival });
    const jobs = await chaos.warehouse.ask('jobs', 'lasting');
    await chaos.faults();
    await chaos.recovery();
    const all = [...dropped, ...harvested];
    chaos.claim('everybody is told it was time', countBy(all, 'timeout') === 10, outcomes(all));
    chaos.claim('by 18.5 s', slowestMs(all) <= 18_500, slowestMs(all));
    chaos.claim(
      'what came late answers the next',
      countBy(again, 'fresh') === count,
      outcomes(again),
    );
    const cancelled = jobs.filter((job) => job.cancelled || job.error === 'stopped').length;
    chaos.claim('what is not harvested is not run on', cancelled === count, cancelled);
    return { first: outcomes(all), next: outcomes(again), slowestFirstMs: slowestMs(all) };
  },
});
