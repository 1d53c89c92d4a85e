// How do recommendations fare that are asked for one after the other, cold and warm, and then by many at once?
//
// There, a restaurant recommender: 2,000 requests in turn, cold and warm, then 45,595 concurrent ones. Here the home pages of
// as many users; the concurrent ones come as strangers do, in a Poisson process.
import { type BenchStack, startBenchStack, usualProcesses } from '../../bench-stack.ts';
import { poissonArrivals } from '../../open-loop/arrivals.ts';
import { createConnectionPool } from '../../open-loop/connection-pool.ts';
import { attempt, judge, requestOf, type Send } from '../../open-loop/exchange.ts';
import { type Errand, offer } from '../../open-loop/offer.ts';
import { home } from '../../open-loop/question.ts';
import { randomFrom } from '../../open-loop/random.ts';
import { createTally, type Tally } from '../../open-loop/tally.ts';
import type { Finding, Scenario, Setting } from '../../scenario.ts';
import { noFailures } from './figures.ts';

/** W2: in turn, cold and warm, then concurrently. */
export const w2: Scenario = {
  name: 'w2',
  question: 'How do recommendations fare in turn, cold and warm, and then concurrently?',
  async run(setting) {
    const effort = setting.quick ? QUICK : FULL;
    await using bench = await startBenchStack(setting, usualProcesses);
    using pool = createConnectionPool(bench.gateway, MOST_CONNECTIONS);
    const cold = await askInTurn(bench, pool.send, effort.users, effort.users, setting);
    const warm = await askInTurn(bench, pool.send, effort.users, effort.warm, setting);
    setting.say('concurrently');
    const all = createTally();
    const { gateway: origin } = bench;
    const errands = concurrent(effort);
    await offer(errands, { origin, send: pool.send, note: all.note, signal: setting.signal });
    return findingOf({ cold, warm, all }, effort);
  },
};

interface Effort {
  readonly users: number;
  readonly warm: number;
  readonly concurrentMs: number;
}
const FULL: Effort = { users: 100, warm: 2_000, concurrentMs: 9_119 };
const QUICK: Effort = { users: 10, warm: 100, concurrentMs: 500 };
const PER_SECOND = 500;
const MOST_CONNECTIONS = 500;
const SEED = 2;

async function askInTurn(
  { gateway }: BenchStack,
  send: Send,
  users: number,
  count: number,
  { signal }: Setting,
): Promise<Tally> {
  const tally = createTally();
  for (let index = 0; index < count; index++) {
    signal.throwIfAborted();
    const question = home(1 + (index % users));
    const attempted = await attempt(send, requestOf(gateway, question), performance.now());
    tally.note({ kind: 'home' }, [judge(question, attempted)]);
  }
  return tally;
}

function concurrent({ users, concurrentMs }: Effort): Errand[] {
  const random = randomFrom(SEED);
  return poissonArrivals({ perSecond: PER_SECOND, forMs: concurrentMs }, random).map((dueMs) => ({
    kind: 'home',
    dueMs,
    questions: [home(1 + Math.floor(random() * users))],
  }));
}

function findingOf(
  { cold, warm, all }: Readonly<Record<'cold' | 'warm' | 'all', Tally>>,
  { users }: Effort,
): Finding {
  const p90 = ({ times }: Tally) => times.percentile(0.9).toFixed(1);
  const failed = cold.failures + warm.failures;
  return {
    measures: [
      cold.times.measure('in turn, cold'),
      warm.times.measure('in turn, warm'),
      all.times.measure('concurrently'),
    ],
    figures: [noFailures(all)],
    remarks: [
      {
        remark: `There: cold p90 57 ms, warm p90 40 ms, 12.2 % failures of 45,595 concurrent requests; its target was p90 < 100 ms. Here p90 is ${p90(cold)} ms cold and ${p90(warm)} ms warm, with ${failed} failures. Shortened: ${cold.times.count} cold requests and ${warm.times.count} warm ones for 2,000 each, ${all.times.count} concurrent ones for 45,595, at ${PER_SECOND} a second, over ${users} users. Cold: ${cold.summary}. Warm: ${warm.summary}. Concurrently: ${all.summary}; hit rate ${all.hitRate.toFixed(3)}.`,
      },
    ],
  };
}
