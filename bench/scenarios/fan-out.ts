// What does asking several slow queries at once cost over asking the slowest of them alone?
//
// Eight queries that nobody has asked for before, at one instant: the three parts of a home page in one request, and five
// single queries in requests of their own. Every job is made to take T seconds longer than it needs. The warehouse's own
// account says how long the slowest of the eight jobs took; one after the other they would take eight times that.
import { startBenchStack } from '../bench-stack.ts';
import type { Connection } from '../http/connection.ts';
import { worstPart } from '../http/expect-source.ts';
import { type Warehouse, warehouseAt } from '../http/warehouse.ts';
import { measureOf, median } from '../measure/measure.ts';
import { askAll, openMany } from '../open-loop/at-once.ts';
import { home, type Question, single } from '../open-loop/question.ts';
import type { Finding, Scenario, Setting } from '../scenario.ts';

/** Eight slow queries at once against the slowest of them. */
export const fanOut: Scenario = {
  name: 'fan-out',
  question: 'How much longer do eight slow queries at once take than the slowest of them?',
  async run(setting) {
    await using bench = await startBenchStack(setting);
    const warehouse = warehouseAt(bench.emulator);
    using connections = await openMany(bench.gateway, 1 + SINGLES);
    const ask = (round: number) => askOnce(bench.gateway, connections.all, warehouse, round);
    for (let round = 0; round < WARM_UP_ROUNDS; round++) await ask(round);
    const slownessMs = setting.quick ? 300 : 2_000;
    await warehouse.slowDown(slownessMs);
    return findingOf(await measure(ask, setting), slownessMs);
  },
};

const PARTS = 3;
const SINGLES = 5;
/** The page's trending part depends on the limit alone, of which there are 50: more rounds would find it cached. */
const ROUNDS = 10;
const QUICK_ROUNDS = 2;
const WARM_UP_ROUNDS = 3;

interface Times {
  readonly pageMs: number;
  readonly slowestSingleMs: number;
  readonly slowestJobMs: number;
}

async function measure(ask: (round: number) => Promise<Times>, setting: Setting): Promise<Times[]> {
  const times: Times[] = [];
  const rounds = setting.quick ? QUICK_ROUNDS : ROUNDS;
  for (let round = 0; round < rounds; round++) {
    setting.signal.throwIfAborted();
    times.push(await ask(WARM_UP_ROUNDS + round));
  }
  return times;
}

async function askOnce(
  gateway: string,
  connections: readonly Connection[],
  warehouse: Warehouse,
  round: number,
): Promise<Times> {
  await warehouse.forgetJobs();
  const exchanges = await askAll(gateway, connections, questionsOf(round));
  const tookMs = exchanges.map((one) => {
    if (one.kind === 'failure') throw new Error(one.why);
    if (one.source !== 'live') throw new Error(`expected live rows, got ${worstPart(one.reply)}`);
    return one.tookMs;
  });
  const [pageMs = Number.NaN, ...singlesMs] = tookMs;
  const slowestJobMs = await slowestJob(warehouse);
  return { pageMs, slowestSingleMs: Math.max(...singlesMs), slowestJobMs };
}

function questionsOf(round: number): Question[] {
  const echoes = Array.from({ length: SINGLES }, (_, index) =>
    single('bench-echo', { n: SINGLES * round + index }),
  );
  return [home(1_000 + 37 * round, 1 + round), ...echoes];
}

async function slowestJob(warehouse: Warehouse): Promise<number> {
  const jobs = await warehouse.jobs();
  if (jobs.length !== PARTS + SINGLES)
    throw new Error(`${jobs.length} jobs for ${PARTS + SINGLES} queries`);
  return Math.max(...jobs.map(({ tookMs }) => tookMs ?? Number.NaN));
}

function findingOf(times: readonly Times[], slownessMs: number): Finding {
  const singles = times.map(({ slowestSingleMs }) => slowestSingleMs);
  const jobs = times.map(({ slowestJobMs }) => slowestJobMs);
  const all = times.map(({ pageMs, slowestSingleMs }) => Math.max(pageMs, slowestSingleMs));
  const added = all.map((ms, round) => ms - (jobs[round] ?? Number.NaN));
  const pages = times.map(({ pageMs }) => pageMs);
  const bound = { unit: 'ms', bound: 'at most' } as const;
  return {
    measures: [
      measureOf('the home page, three parts', 'ms', pages),
      measureOf('the slowest of five single queries', 'ms', singles),
      measureOf('the last answer of all', 'ms', all),
      measureOf('the slowest job by the warehouse’s own account', 'ms', jobs),
      measureOf('the last answer after the slowest job’s time', 'ms', added),
    ],
    figures: [
      {
        what: 'all eight, median, against 1.05 × the slowest job + 50 ms',
        ...bound,
        promised: 1.05 * median(jobs) + 50,
        measured: median(all),
      },
      {
        what: 'five single queries, median, against 1.05 × T + 50 ms',
        ...bound,
        promised: 1.05 * slownessMs + 50,
        measured: median(singles),
      },
    ],
    remarks: [
      {
        remark: `T is ${slownessMs} ms: by so much every job takes longer than it needs. The home page’s queries need CPU besides, on the cores that everything else runs on; the slowest job’s time has that in it, and T has not. Every answer was checked to be live.`,
      },
    ],
  };
}
