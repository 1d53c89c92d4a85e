// What does somebody see whose page asks for five things while the warehouse takes half a minute for each?
//
// A home page, three single queries and the price alerts, all at one instant, over connections of their own. Nothing is
// stored but the price alerts of the usual window, for which no constant rows could stand. The second time is asked when the
// jobs, which run on behind the answers, have ended.
import { setTimeout as pause } from 'node:timers/promises';
import { startBenchStack } from '../bench-stack.ts';
import { expectSource } from '../http/expect-source.ts';
import { getOnce } from '../http/get-once.ts';
import { warehouseAt } from '../http/warehouse.ts';
import { askAll, openMany } from '../open-loop/at-once.ts';
import { home, ifCached, priceAlerts, type Question, single } from '../open-loop/question.ts';
import { createTally, type Tally } from '../open-loop/tally.ts';
import type { Finding, Scenario, Setting } from '../scenario.ts';

/** A page of five calls under a warehouse that is far too slow. */
export const pageOfFive: Scenario = {
  name: 'page-of-five',
  question: 'How does a page of five calls fare while the warehouse takes 30 seconds?',
  async run(setting) {
    const effort = setting.quick ? QUICK : FULL;
    await using bench = await startBenchStack(setting, effort.settings);
    expectSource(await getOnce(`${bench.gateway}${priceAlerts('14d').path}`), 'live');
    await warehouseAt(bench.emulator).slowDown(effort.jobMs);
    const first = createTally();
    const second = createTally();
    for (const page of pages.slice(0, effort.rounds)) {
      first.note({ kind: 'page' }, await askPage(bench.gateway, page));
      await untilStored(() => askPage(bench.gateway, page.map(ifCached)), setting);
      second.note({ kind: 'page' }, await askPage(bench.gateway, page));
    }
    return findingOf(first, second, effort);
  },
};

interface Effort {
  readonly rounds: number;
  readonly jobMs: number;
  readonly settings: NodeJS.ProcessEnv;
}
const FULL: Effort = { rounds: 2, jobMs: 30_000, settings: {} };
/** In a quick run the query's timeout shrinks with its job. */
const QUICK: Effort = { rounds: 1, jobMs: 2_000, settings: { QUERY_TIMEOUT: '1s' } };

/** The alerts' fallback is the window of two weeks. */
const pages: readonly (readonly Question[])[] = [pageOf(42, 4, '7d'), pageOf(43, 5, '28d')];

const STORED_WITHIN_MS = 90_000;
const LOOK_EVERY_MS = 250;

function pageOf(userId: number, limit: number, window: '7d' | '28d'): readonly Question[] {
  const singles = ['home-popular', 'home-new-arrivals', 'home-trending'].map((query) =>
    single(query, { limit: limit + 10 }),
  );
  return [home(userId, limit), ...singles, priceAlerts(window)];
}

/** Over new connections each time: those of the first time would fall silent before the second. */
async function askPage(gateway: string, questions: readonly Question[]) {
  using connections = await openMany(gateway, questions.length);
  return await askAll(gateway, connections.all, questions);
}

async function untilStored(
  look: () => ReturnType<typeof askPage>,
  { signal, say }: Setting,
): Promise<void> {
  say('waiting for the jobs behind the answers');
  const untilMs = performance.now() + STORED_WITHIN_MS;
  while (performance.now() < untilMs) {
    const exchanges = await look();
    if (exchanges.every((one) => one.kind === 'answer' && one.source === 'fresh')) return;
    await pause(LOOK_EVERY_MS, undefined, { signal });
  }
  say('not everything came to be stored');
}

function findingOf(first: Tally, second: Tally, { jobMs, settings }: Effort): Finding {
  const bound = { unit: 'ms', bound: 'at most' } as const;
  return {
    measures: [
      first.times.measure('the whole page, the first time'),
      second.times.measure('the whole page, the second time'),
    ],
    figures: [
      {
        what: 'calls without an answer, both times',
        unit: 'failures',
        bound: 'at most',
        promised: 0,
        measured: first.failures + second.failures,
      },
      {
        what: 'the slowest page, the first time',
        ...bound,
        promised: 18_000,
        measured: first.times.percentile(1),
      },
      {
        what: 'the slowest page, the second time',
        ...bound,
        promised: 50,
        measured: second.times.percentile(1),
      },
    ],
    remarks: [
      {
        remark: `Every job takes ${jobMs} ms longer than it needs${settings['QUERY_TIMEOUT'] === undefined ? '' : ', and queries are given a second (a quick run)'}. The first time the calls were answered: ${first.summary}; the second time, when the jobs behind them had ended: ${second.summary}.`,
      },
    ],
  };
}
