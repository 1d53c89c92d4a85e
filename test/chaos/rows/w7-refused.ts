import { setTimeout as sleep } from 'node:timers/promises';
import { ask } from '../question.ts';
import { defineRow } from '../row.ts';
import { countBy, keys, outcomes, slowestMs } from '../tally.ts';

export default defineRow({
  id: 'W7',
  title: 'The warehouse refuses every connection',
  injected: 'open connections to the warehouse are reset, and so is every new one',
  quick: true,
  allows: { warehouse: { jobsPerMark: 6 } },
  async run(chaos) {
    const known = keys(chaos.run, 5).map((key) => ask('plain', key));
    await chaos.seed(known);
    await sleep(1_100);
    await chaos.trouble('worker-warehouse', { refuse: true });
    await chaos.cut('worker-warehouse');
    const arrival = { kind: 'rate', perSecond: 10, forMs: 2_000 } as const;
    const [held, bare] = await Promise.all([
      chaos.fire({ questions: known, arrival }),
      chaos.fire({ questions: ask('lasting', `${chaos.run}-bare-{n}`), arrival }),
    ]);
    await chaos.trouble('worker-warehouse', {});
    await chaos.recovery();
    chaos.claim(
      'who has something stale gets it',
      countBy(held, 'stale') === held.length,
      outcomes(held),
    );
    const failed = countBy(bare, 'warehouse-failed', 'breaker-open');
    chaos.claim('the others are told what failed', failed === bare.length, outcomes(bare));
    const mostMs = chaos.isStrict ? 1_000 : 4_000;
    chaos.claim(`within ${mostMs} ms`, slowestMs(bare) <= mostMs, slowestMs(bare));
    return { stale: outcomes(held), bare: outcomes(bare), slowestBareMs: slowestMs(bare) };
  },
});
