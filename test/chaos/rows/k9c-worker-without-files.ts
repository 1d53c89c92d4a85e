import { setTimeout as sleep } from 'node:timers/promises';
import { limitFiles } from '../loads/limit-files.ts';
import { mixedQuestions, standing } from '../loads/mixed.ts';
import { defineRow } from '../row.ts';
import { countBy, outcomes, slowestMs } from '../tally.ts';

const lastsMs = 6_000;

export default defineRow({
  id: 'K9c',
  title: 'A worker runs out of file descriptors',
  injected:
    'prlimit leaves one of two workers none to spare for 6 s, and all its connections are cut, so that it needs new ones; 15 mixed requests per second',
  quick: false,
  // What becomes stale is asked for again.
  allows: { warehouse: { jobsPerMark: 20 } },
  async run(chaos) {
    const { known, all } = mixedQuestions(chaos.run);
    await chaos.seed(known);
    await sleep(1_100);
    const end = await chaos.begin({ questions: all, arrival: { kind: 'rate', perSecond: 15 } });
    await sleep(500);
    const giveBack = await limitFiles(chaos.stack.workers[0]?.pid ?? 0);
    await chaos.cut('worker-warehouse');
    await chaos.cut('worker-queue');
    await chaos.cut('worker-cache');
    await sleep(lastsMs);
    await giveBack();
    await chaos.recovery();
    const exchanges = await end();
    for (const name of ['fresh', 'stale', 'backed'] as const) {
      const same = standing(exchanges, name);
      const given = countBy(same, 'live', 'fresh', 'stale', 'fallback');
      chaos.claim(`${name}: all get rows`, given === same.length, outcomes(same));
    }
    return {
      slowestMixedMs: slowestMs(exchanges),
      stale: outcomes(standing(exchanges, 'stale')),
      backed: outcomes(standing(exchanges, 'backed')),
      bare: outcomes(standing(exchanges, 'bare')),
    };
  },
});
