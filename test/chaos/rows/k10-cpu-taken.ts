import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { burn } from '../loads/burn.ts';
import { mixedQuestions, standing } from '../loads/mixed.ts';
import { defineRow } from '../row.ts';
import { countBy, outcomes, shareMs, slowestMs } from '../tally.ts';

const latestMs = 18_500;

export default defineRow({
  id: 'K10',
  title: 'The CPU is taken',
  injected:
    'ten busy processes on every core for 30 s (two on every core for 8 s in haste) under a mixed load of 15 per second',
  quick: false,
  // The whole machine is slow, and whoever measures with it.
  allows: { controlDegrades: true, warehouse: { jobsPerMark: 60 } },
  async run(chaos) {
    const { known, all } = mixedQuestions(chaos.run);
    await chaos.seed(known);
    await sleep(1_100);
    const arrival = { kind: 'rate', perSecond: 15 } as const;
    const end = await chaos.begin({ questions: all, arrival });
    await sleep(500);
    const cores = availableParallelism();
    await (chaos.isStrict ? burn(10 * cores, 30_000) : burn(2 * cores, 8_000));
    await chaos.recovery();
    const exchanges = await end();
    const slowest = slowestMs(exchanges);
    chaos.claim(`no answer later than ${latestMs} ms`, slowest <= latestMs, slowest);
    const given = countBy(standing(exchanges, 'fresh'), 'fresh');
    const fresh = standing(exchanges, 'fresh');
    chaos.claim('what is fresh is given', given === fresh.length, outcomes(fresh));
    const backed = standing(exchanges, 'backed');
    const served = countBy(backed, 'live', 'fresh', 'stale', 'fallback');
    chaos.claim('who has a fallback gets rows', served === backed.length, outcomes(backed));
    return {
      mixed: exchanges.length,
      p50Ms: shareMs(exchanges, 0.5),
      p99Ms: shareMs(exchanges, 0.99),
      slowestMixedMs: slowest,
      stale: outcomes(standing(exchanges, 'stale')),
      backed: outcomes(backed),
      bare: outcomes(standing(exchanges, 'bare')),
    };
  },
});
