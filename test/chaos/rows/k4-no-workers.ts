import { setTimeout as sleep } from 'node:timers/promises';
import { ask } from '../question.ts';
import { defineRow } from '../row.ts';
import { countBy, keys, outcomes, slowestMs } from '../tally.ts';

const knownAfterMs = 10_000;

export default defineRow({
  id: 'K4',
  title: 'All workers are gone',
  injected: 'SIGKILL to every worker; new questions, twice a second for 14 s',
  quick: false,
  allows: { ends: { worker: 2 } },
  async run(chaos) {
    const known = keys(chaos.run, 4).map((key) => ask('plain', key));
    await chaos.seed(known);
    await sleep(1_100);
    await Promise.all(chaos.stack.workers.map((worker) => worker.kill()));
    const goneMs = performance.now();
    const arrival = { kind: 'rate', perSecond: 2, forMs: knownAfterMs + 4_000 } as const;
    const bare = await chaos.fire({ questions: ask('lasting', `${chaos.run}-bare-{n}`), arrival });
    const held = await chaos.fire({ questions: known, arrival: { kind: 'at-once', count: 4 } });
    await Promise.all(chaos.stack.workers.map((worker) => worker.restart()));
    await chaos.watchProcesses();
    await chaos.recovery();
    const firstMs = Math.min(...bare.map(({ sentMs }) => sentMs));
    const late = bare.filter(({ sentMs }) => sentMs >= firstMs + knownAfterMs);
    const refused = late.filter(
      ({ status, headers }) => status === 503 && headers?.['retry-after'],
    );
    chaos.claim(
      'once it is known, new questions get 503 and when to come back',
      refused.length === late.length,
      outcomes(late),
    );
    chaos.claim('within a second', slowestMs(late) <= 1_000, slowestMs(late));
    chaos.claim('who has something stale gets it', countBy(held, 'stale') === 4, outcomes(held));
    return {
      early: outcomes(bare.filter((one) => !late.includes(one))),
      late: outcomes(late),
      slowestLateMs: slowestMs(late),
      goneForMs: Math.round(performance.now() - goneMs),
    };
  },
});
