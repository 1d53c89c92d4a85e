import { until } from '../../until.ts';
import { ask } from '../question.ts';
import { defineRow } from '../row.ts';
import { countBy, outcomes, slowestMs } from '../tally.ts';

const count = 8;
const stopWithinMs = 20_000;

export default defineRow({
  id: 'K8',
  title: 'A worker is told to stop while jobs run',
  injected:
    'SIGTERM, twice, to one of two workers while 8 jobs of 3 s and 8 of 13 s run; then to the other one, alone with 8 jobs of 30 s',
  quick: false,
  // What nobody was left to run is run again by the workers that come after.
  allows: { ends: { worker: 2 }, warehouse: { jobsPerMark: 1, jobsPerMarkOf: { backed: 2 } } },
  async run(chaos) {
    const { stack, warehouse } = chaos;
    await chaos.faults(
      { match: { query: 'lasting' }, latencyMs: 3_000 },
      { match: { query: 'plain' }, latencyMs: 13_000 },
    );
    const arrival = { kind: 'at-once', count } as const;
    const short = chaos.fire({ questions: ask('lasting', `${chaos.run}-short-{n}`), arrival });
    const long = chaos.fire({ questions: ask('plain', `${chaos.run}-long-{n}`), arrival });
    const begun = async (query: string) => (await warehouse.ask('jobs', query)).length === count;
    await until(async () => (await begun('lasting')) && (await begun('plain')));
    const [leaving, staying] = stack.workers;
    const leftMs = performance.now();
    process.kill(leaving?.pid ?? 0, 'SIGTERM');
    await leaving?.stop();
    const firstStopMs = Math.round(performance.now() - leftMs);
    const shorts = await short;
    const longs = await long;
    const jobs = await warehouse.ask('jobs');
    const paid = jobs.filter(({ query }) => query === 'lasting' || query === 'plain').length;

    await chaos.faults({ match: { query: 'backed' }, latencyMs: 30_000 });
    const last = chaos.fire({ questions: ask('backed', `${chaos.run}-last-{n}`), arrival });
    await until(() => begun('backed'));
    const lastMs = performance.now();
    await staying?.stop();
    const secondStopMs = Math.round(performance.now() - lastMs);
    const left = (await warehouse.ask('jobs')).filter(({ endedAt }) => endedAt === undefined);
    await Promise.all(stack.workers.map((worker) => worker.restart()));
    await chaos.watchProcesses();
    await chaos.faults();
    await chaos.recovery();
    const lasts = await last;
    chaos.claim(
      'what ends soon is answered live',
      countBy(shorts, 'live') === count,
      outcomes(shorts),
    );
    chaos.claim(
      'what ends late is answered live',
      countBy(longs, 'live') === count,
      outcomes(longs),
    );
    chaos.claim('nothing is paid twice', paid === 2 * count, paid);
    const slowestStopMs = Math.max(firstStopMs, secondStopMs);
    chaos.claim(
      `each is gone within ${stopWithinMs} ms`,
      slowestStopMs <= stopWithinMs,
      slowestStopMs,
    );
    chaos.claim('the last one leaves nothing running', left.length === 0, left.length);
    return {
      firstStopMs,
      secondStopMs,
      short: outcomes(shorts),
      long: outcomes(longs),
      slowestLongMs: slowestMs(longs),
      last: outcomes(lasts),
    };
  },
});
