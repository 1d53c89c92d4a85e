import { until } from '../../until.ts';
import { ask } from '../question.ts';
import { defineRow } from '../row.ts';
import { countBy, keys, outcomes, slowestMs } from '../tally.ts';

const calls = 5;
const jobMs = 30_000;
const latestMs = 18_000;

export default defineRow({
  id: 'F3',
  title: 'A page of five calls while the warehouse takes 30 s',
  injected:
    'every job of the query takes 30 s; five new questions at once, and the same five again when their jobs are done',
  quick: false,
  allows: { warehouse: { runsForMs: 77_000 } },
  async run(chaos) {
    await chaos.faults({ match: { query: 'popular' }, latencyMs: jobMs });
    const questions = keys(chaos.run, calls).map((key) => ask('popular', key));
    const page = { questions, arrival: { kind: 'at-once', count: calls } } as const;
    const first = await chaos.fire(page);
    const landed = async () => {
      const jobs = await chaos.warehouse.ask('jobs', 'popular');
      const stored = await chaos.fire({ ...page, questions: questions.map(onlyIfCached) });
      return jobs.every(({ endedAt }) => endedAt !== undefined) && countBy(stored, 'fresh') === 5;
    };
    await until(landed, { withinMs: 30_000, everyMs: 500 }).catch(() => undefined);
    const second = await chaos.fire(page);
    await chaos.faults();
    await chaos.recovery('popular');
    const failed = [...first, ...second].filter(({ status }) => status !== 200).length;
    chaos.claim('no call fails', failed === 0, failed);
    chaos.claim(`none later than ${latestMs} ms`, slowestMs(first) <= latestMs, slowestMs(first));
    const quickMs = chaos.isStrict ? 50 : 1_000;
    chaos.claim(
      `the second time within ${quickMs} ms`,
      slowestMs(second) <= quickMs,
      slowestMs(second),
    );
    chaos.claim('and fresh', countBy(second, 'fresh') === calls, outcomes(second));
    return { first: outcomes(first), second: outcomes(second), secondMs: slowestMs(second) };
  },
});

function onlyIfCached<T extends object>(question: T) {
  return { ...question, headers: { 'Cache-Control': 'only-if-cached' } };
}
