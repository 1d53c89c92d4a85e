// How often is the warehouse asked when 10,000 people want the same new thing at once?
//
// As many connections are open to four gateway processes, and all send the same request at one instant. Nobody has asked for
// it before, and its job is made to take a second. Times count from that one instant.
import { startBenchStack } from '../bench-stack.ts';
import { warehouseAt } from '../http/warehouse.ts';
import { askAll, type OpenConnections, openMany } from '../open-loop/at-once.ts';
import { single } from '../open-loop/question.ts';
import { createTally, type Tally } from '../open-loop/tally.ts';
import { failuresFigure, jobsFigure } from '../measure/promised.ts';
import type { Finding, Scenario, Setting } from '../scenario.ts';

/** Identical requests at once, and how many jobs they are. */
export const stampede: Scenario = {
  name: 'stampede-10k',
  question: 'How many warehouse jobs are 10,000 identical requests at once?',
  async run(setting) {
    const count = setting.quick ? 500 : 10_000;
    await using bench = await startBenchStack(setting, { GATEWAY_PROCESSES: '4' });
    using connections = await openMany(bench.gateway, count);
    setting.say(`${count} connections are open`);
    return findingOf(await measure(bench, connections, setting), count);
  },
};

const ROUNDS = 3;
const QUERY = 'bench-echo';
const JOB_MS = 1_000;

interface Stampedes {
  readonly tally: Tally;
  /** Of each round. */
  readonly jobs: readonly number[];
}

async function measure(
  { gateway, emulator }: { readonly gateway: string; readonly emulator: string },
  connections: OpenConnections,
  setting: Setting,
): Promise<Stampedes> {
  const warehouse = warehouseAt(emulator);
  await warehouse.slowDown(JOB_MS, QUERY);
  const tally = createTally();
  const jobs: number[] = [];
  while (jobs.length < (setting.quick ? 1 : ROUNDS)) {
    setting.signal.throwIfAborted();
    await warehouse.forgetJobs();
    const questions = connections.all.map(() => single(QUERY, { n: jobs.length }));
    for (const one of await askAll(gateway, connections.all, questions))
      tally.note({ kind: QUERY }, [one]);
    jobs.push((await warehouse.jobs()).filter(({ query }) => query === QUERY).length);
  }
  return { tally, jobs };
}

function findingOf({ tally, jobs }: Stampedes, count: number): Finding {
  // No job at all would be no proof of anything.
  if (jobs.includes(0)) throw new Error('the warehouse was not asked at all');
  return {
    measures: [tally.times.measure('an answer, from the instant at which all asked')],
    figures: [
      jobsFigure(
        `warehouse jobs for ${count} identical requests, most of a round`,
        1,
        Math.max(...jobs),
      ),
      failuresFigure(tally.failures),
    ],
    remarks: [
      {
        remark: `Four gateway processes; the job takes ${JOB_MS} ms longer than it needs. Jobs of the ${jobs.length} round(s): ${jobs.join(', ')}. The answers were: ${tally.summary}; fresh are those that came when the job had ended. The one process that asks shares the cores with all that answer.`,
      },
    ],
  };
}
