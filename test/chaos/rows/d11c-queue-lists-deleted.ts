import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../until.ts';
import { ask } from '../question.ts';
import { defineRow } from '../row.ts';
import { countBy, keys, outcomes } from '../tally.ts';

const count = 6;
const atOnce = { kind: 'at-once', count } as const;

export default defineRow({
  id: 'D11c',
  title: 'The lists of jobs are deleted, and the jobs are not',
  injected:
    'UNLINK of the queue’s wait and active lists while 6 jobs of 2 s run; then the same questions are asked anew',
  quick: false,
  allows: { warehouse: { jobsPerMark: 12 } },
  async run(chaos) {
    await chaos.faults({ match: { query: 'plain' }, latencyMs: 2_000 });
    const questions = keys(chaos.run, count).map((key) => ask('plain', key));
    const ending = chaos.fire({ questions, arrival: atOnce });
    await until(async () => (await chaos.warehouse.ask('jobs', 'plain')).length >= count);
    const lists = ['{punctual}:live:wait', '{punctual}:live:active'];
    await chaos.store.ask('command', 'queue', 'UNLINK', ...lists);
    const first = await ending;
    await chaos.faults();
    // Fresh for one second: after that a refresh is wanted, and meets what is left of the first job.
    await sleep(1_100);
    const second = await chaos.fire({ questions, arrival: atOnce });
    const anewMs = performance.now();
    await until(async () => {
      const third = await chaos.fire({ questions, arrival: atOnce });
      return countBy(third, 'live', 'fresh') === count;
    }).catch(() => undefined);
    const tookMs = Math.round(performance.now() - anewMs);
    await chaos.recovery();
    chaos.claim('who waits gets the result', countBy(first, 'live') === count, outcomes(first));
    const served = countBy(second, 'live', 'stale');
    chaos.claim('who asks anew gets rows', served === count, outcomes(second));
    const mostMs = chaos.isStrict ? 5_000 : 15_000;
    chaos.claim(`and new ones within ${mostMs} ms`, tookMs <= mostMs, tookMs);
    return { first: outcomes(first), anew: outcomes(second), newAgainAfterMs: tookMs };
  },
});
