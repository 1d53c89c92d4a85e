// How often is the warehouse asked when 500 different users come at once?
//
// Each asks for recommendations of his own that nobody has asked for before. Times count from the one instant at which all
// ask.
import { startBenchStack } from '../bench-stack.ts';
import { warehouseAt } from '../http/warehouse.ts';
import { askAll, openMany } from '../open-loop/at-once.ts';
import { single } from '../open-loop/question.ts';
import { createTally, type Tally } from '../open-loop/tally.ts';
import { failuresFigure, jobsFigure } from '../measure/promised.ts';
import type { Finding, Scenario } from '../scenario.ts';

/** Different users at once, and how many jobs they are. */
export const batchOfUsers: Scenario = {
  name: 'batch-of-users',
  question: 'How many warehouse jobs are 500 different users at once?',
  async run(setting) {
    const count = setting.quick ? 50 : 500;
    await using bench = await startBenchStack(setting);
    const warehouse = warehouseAt(bench.emulator);
    using connections = await openMany(bench.gateway, count);
    const questions = connections.all.map((_, index) =>
      single(QUERY, { userId: 1 + index, limit: 4 }),
    );
    const tally = createTally();
    for (const one of await askAll(bench.gateway, connections.all, questions))
      tally.note({ kind: QUERY }, [one]);
    const jobs = await warehouse.jobs();
    return findingOf(tally, jobs.filter(({ query }) => query === QUERY).length, count);
  },
};

const QUERY = 'home-recommended';

function findingOf(tally: Tally, jobs: number, count: number): Finding {
  const bySource = [...tally.timesBySource].map(([source, times]) =>
    times.measure(`an answer, ${source}`),
  );
  return {
    measures: [tally.times.measure('an answer, from wherever'), ...bySource],
    figures: [
      jobsFigure(`warehouse jobs for ${count} different users at once`, 5, jobs),
      failuresFigure(tally.failures),
    ],
    remarks: [
      {
        remark: `The answers were: ${tally.summary}. The query is a batched one: those who come together share a job, and the emulator computes the jobs on the cores that everything else runs on. Jobs are counted when the last answer has come.`,
      },
    ],
  };
}
