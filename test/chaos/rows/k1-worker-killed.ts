import { until } from '../../until.ts';
import { ask } from '../question.ts';
import { defineRow } from '../row.ts';
import { countBy, outcomes, slowestMs } from '../tally.ts';

const count = 12;

export default defineRow({
  id: 'K1',
  title: 'A worker is killed in the middle of its jobs',
  injected: 'SIGKILL to one of two workers while 12 jobs of 4 s run',
  quick: true,
  allows: { ends: { worker: 1 }, warehouse: { jobsPerMark: 2 } },
  async run(chaos) {
    await chaos.faults({ match: { query: 'lasting' }, latencyMs: 4_000 });
    const key = `${chaos.run}-{n}`;
    const arrival = { kind: 'at-once', count } as const;
    const answering = chaos.fire({ questions: ask('lasting', key), arrival });
    await until(async () => (await chaos.warehouse.ask('jobs', 'lasting')).length === count);
    await chaos.stack.workers[0]?.kill();
    const exchanges = await answering;
    const jobs = (await chaos.warehouse.ask('jobs', 'lasting')).length;
    await chaos.faults();
    await chaos.recovery();
    chaos.claim(
      'every question is answered live',
      countBy(exchanges, 'live') === count,
      outcomes(exchanges),
    );
    chaos.claim('nothing is paid twice', jobs === count, jobs);
    return { answers: outcomes(exchanges), jobs, slowestAnswerMs: slowestMs(exchanges) };
  },
});
