import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../until.ts';
import type { Exchange } from '../judges/client/exchange.ts';
import { ask } from '../question.ts';
import { type Chaos, defineRow } from '../row.ts';
import { countBy, outcomes, slowestMs } from '../tally.ts';

const count = 8;

export default defineRow({
  id: 'K1b',
  title: 'A worker is killed before its inserts arrive, and while it stores',
  injected:
    'SIGKILL to one of two workers while 8 inserts are on their way (2 s), and again while 8 entries are (2 s)',
  quick: false,
  allows: { ends: { worker: 2 } },
  async run(chaos) {
    const inserting = await askWhile(chaos, 'inserting', async () => {
      await chaos.trouble('worker-warehouse', { up: { latencyMs: 2_000 } });
      return () => sleep(1_000);
    });
    const storing = await askWhile(chaos, 'storing', async () => {
      await chaos.faults({ match: { query: 'lasting' }, latencyMs: 1_500 });
      return () => untilStored(chaos);
    });
    await chaos.recovery();
    for (const [moment, { exchanges, jobs }] of Object.entries({ inserting, storing })) {
      const live = countBy(exchanges, 'live');
      chaos.claim(
        `${moment}: every question is answered live`,
        live === count,
        outcomes(exchanges),
      );
      chaos.claim(`${moment}: nothing is paid twice`, jobs === count, jobs);
    }
    return {
      slowestInsertingMs: slowestMs(inserting.exchanges),
      slowestStoringMs: slowestMs(storing.exchanges),
    };
  },
});

interface Asked {
  readonly exchanges: readonly Exchange[];
  readonly jobs: number;
}

/** Asks, kills a worker at the moment that `prepare` has made, and brings it back when all is answered. */
async function askWhile(
  chaos: Chaos,
  moment: string,
  prepare: () => Promise<() => Promise<unknown>>,
): Promise<Asked> {
  const before = (await chaos.warehouse.ask('jobs', 'lasting')).length;
  const moved = await prepare();
  const questions = ask('lasting', `${chaos.run}-${moment}-{n}`);
  const answering = chaos.fire({ questions, arrival: { kind: 'at-once', count } });
  await moved();
  await chaos.stack.workers[0]?.kill();
  await chaos.proxy.ask('heal');
  const exchanges = await answering;
  const jobs = (await chaos.warehouse.ask('jobs', 'lasting')).length - before;
  await chaos.faults();
  await chaos.stack.workers[0]?.restart();
  await chaos.watchProcesses();
  return { exchanges, jobs };
}

/** Makes the way to the cache long once all jobs run, and waits until they are done and their entries are on that way. */
async function untilStored(chaos: Chaos): Promise<void> {
  const jobs = async () => {
    const all = await chaos.warehouse.ask('jobs', 'lasting');
    return all.toSorted((a, b) => b.createdAt - a.createdAt).slice(0, count);
  };
  await until(async () => (await jobs()).filter(({ endedAt }) => !endedAt).length === count);
  await chaos.trouble('worker-cache', { up: { latencyMs: 2_000 } });
  await until(async () => (await jobs()).every(({ endedAt }) => endedAt !== undefined));
  await sleep(500);
}
