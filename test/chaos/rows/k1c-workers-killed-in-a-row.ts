import { until } from '../../until.ts';
import { ask } from '../question.ts';
import { defineRow } from '../row.ts';
import { countBy, outcomes, slowestMs } from '../tally.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { reviveWorkers } from '../loads/worker-life.ts';

export default defineRow({
  id: 'K1c',
  title: 'Workers are killed one after the other',
  injected:
    'SIGKILL to the two workers in turn, five times, each back at once, the next 4 s later; 5 new questions of 1 s per second',
  quick: false,
  allows: { ends: { worker: 5 } },
  async run(chaos) {
    await chaos.faults({ match: { query: 'lasting' }, latencyMs: 1_000 });
    const stopReviving = reviveWorkers(chaos);
    const questions = ask('lasting', `${chaos.run}-{n}`);
    const end = await chaos.begin({ questions, arrival: { kind: 'rate', perSecond: 5 } });
    for (let kill = 0; kill < 5; kill++) {
      await sleep(4_000);
      const worker = chaos.stack.workers[kill % 2];
      const killed = worker?.pid;
      await worker?.kill();
      await until(() => worker?.isRunning() === true && worker.pid !== killed);
    }
    await sleep(4_000);
    await stopReviving();
    await chaos.faults();
    await chaos.recovery();
    const exchanges = await end();
    const jobs = (await chaos.warehouse.ask('jobs', 'lasting')).length;
    const live = countBy(exchanges, 'live') / exchanges.length;
    // On a machine that does other things a worker takes longer to start than a caller waits.
    const least = chaos.isStrict ? 0.95 : 0.6;
    chaos.claim(`${least * 100} % are answered live`, live >= least, outcomes(exchanges));
    // Two workers died under it by chance: from outside that looks like a query that kills.
    const takenForKillers = countBy(exchanges, 'quarantined');
    return {
      answers: outcomes(exchanges),
      takenForKillers,
      jobs,
      slowestAnswerMs: slowestMs(exchanges),
    };
  },
});
