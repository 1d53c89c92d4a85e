import { setTimeout as sleep } from 'node:timers/promises';
import { ask } from '../question.ts';
import { type Chaos, defineRow } from '../row.ts';
import { countBy, outcomes, slowestMs } from '../tally.ts';

const count = 4;

export default defineRow({
  id: 'W12',
  title: 'A job is never complete',
  injected:
    'the jobs hang, and whoever asks for rows is told “not yet” at once; 4 new questions at once',
  quick: false,
  async run(chaos) {
    await chaos.faults(
      { match: { query: 'plain', route: 'results' }, http: { incomplete: true } },
      { match: { query: 'plain' }, hang: true },
    );
    const exchanges = await chaos.fire({
      questions: ask('plain', `${chaos.run}-{n}`),
      arrival: { kind: 'at-once', count },
    });
    await sleep(chaos.isStrict ? 1_500 : 3_000);
    const before = await calls(chaos);
    await sleep(3_000);
    const after = await calls(chaos);
    await chaos.faults();
    await chaos.recovery('plain');
    chaos.claim('it was time', countBy(exchanges, 'timeout') === count, outcomes(exchanges));
    chaos.claim('by 18.5 s', slowestMs(exchanges) <= 18_500, slowestMs(exchanges));
    chaos.claim('at most ten polls of a job', after.reads <= 10, after.reads);
    chaos.claim('all of them are stopped', after.stopped === count, after.stopped);
    const later = after.all - before.all;
    chaos.claim('and not asked for any more', later === 0, later);
    return { answers: outcomes(exchanges), mostPolls: after.reads, callsAfterCancel: later };
  },
});

async function calls({ warehouse }: Chaos) {
  const jobs = await warehouse.ask('jobs', 'plain');
  return {
    reads: Math.max(0, ...jobs.map((job) => job.calls['results'] ?? 0)),
    all: jobs.flatMap((job) => Object.values(job.calls)).reduce((sum, calls) => sum + calls, 0),
    // The warehouse stops a job itself at its own time limit, which is the same instant.
    stopped: jobs.filter(({ error }) => error === 'stopped').length,
  };
}
