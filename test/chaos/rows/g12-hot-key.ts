import { ask } from '../question.ts';
import { defineRow } from '../row.ts';
import { countBy, keys, outcomes, shareMs } from '../tally.ts';

const freshForMs = 1_000;
/** What is in demand is asked for anew in the last 15 % of its fresh time at the earliest. */
const earliestMs = 0.85 * freshForMs;
/** A job is created a few milliseconds after its rows begin to be fresh, or before. */
const strictToleranceMs = 50;
/** On a busy machine that is more; two jobs of one expiry are no further apart than one of them takes. */
const patientToleranceMs = 500;
const forMs = 6_000;

export default defineRow({
  id: 'G12',
  title: 'A hot key expires again and again',
  injected:
    'one question 200 times a second (1,000 when run by itself) over two gateway processes for 6 s; its rows are fresh for a second, its jobs take 300 ms',
  quick: true,
  allows: { warehouse: { jobsPerMark: 12 } },
  async run(chaos) {
    const questions = keys(chaos.run, 1).map((key) => ask('plain', key));
    await chaos.seed(questions);
    await chaos.faults({ match: { query: 'plain' }, latencyMs: 300 });
    const seeded = (await chaos.warehouse.ask('jobs', 'plain')).length;
    const perSecond = chaos.isStrict ? 1_000 : 200;
    const arrival = { kind: 'rate', perSecond, forMs } as const;
    const exchanges = await chaos.fire({ questions, arrival, keepAlive: true });
    const jobs = (await chaos.warehouse.ask('jobs', 'plain')).slice(seeded);
    await chaos.faults();
    await chaos.recovery('plain');
    const starts = jobs.map(({ createdAt }) => createdAt).toSorted((a, b) => a - b);
    const gaps = starts.slice(1).map((at, index) => at - (starts[index] ?? 0));
    const closestMs = Math.min(...gaps);
    const toleranceMs = chaos.isStrict ? strictToleranceMs : patientToleranceMs;
    chaos.claim(
      'one job each time in the whole fleet, never two of one expiry',
      starts.length > 1 && closestMs >= earliestMs - toleranceMs,
      closestMs,
    );
    const given = countBy(exchanges, 'fresh', 'live', 'stale');
    chaos.claim('everybody is answered', given === exchanges.length, outcomes(exchanges));
    return {
      answers: outcomes(exchanges),
      jobs: jobs.length,
      closestJobsMs: closestMs,
      p50Ms: shareMs(exchanges, 0.5),
      p99Ms: shareMs(exchanges, 0.99),
    };
  },
});
