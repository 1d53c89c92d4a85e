import { until } from '../../until.ts';
import { ask } from '../question.ts';
import type { Chaos, Figures } from '../row.ts';
import { countBy, keys, outcomes, slowestMs } from '../tally.ts';

/** One of the stack's two servers. */
export type StoreName = 'queue' | 'cache';

/** Starts gateway and workers while stores are down, asks, starts the stores, and claims that everything comes right by itself. */
export async function startWithout(
  chaos: Chaos,
  ...stores: readonly StoreName[]
): Promise<Figures> {
  const { redis, gateway, workers } = chaos.stack;
  const hurried = { 'Request-Timeout': '5' };
  const known = keys(`${chaos.run}-known`, 5).map((key) => ask('lasting', key, hurried));
  await chaos.seed(known);
  for (const store of stores) await redis[store]?.kill();
  const startedMs = performance.now();
  await Promise.all([gateway, ...workers].map((role) => role.restart()));
  const upMs = Math.round(performance.now() - startedMs);
  await chaos.watchProcesses();
  const arrival = { kind: 'rate', perSecond: 5, forMs: 3_000 } as const;
  const [backed, bare, held] = await Promise.all([
    chaos.fire({ questions: ask('backed', `${chaos.run}-backed-{n}`), arrival }),
    chaos.fire({ questions: ask('lasting', `${chaos.run}-bare-{n}`, hurried), arrival }),
    chaos.fire({ questions: known, arrival }),
  ]);
  for (const store of stores) await redis[store]?.restart();
  await chaos.recovery();
  const healedMs = performance.now();
  await until(() => isWell(chaos)).catch(() => undefined);
  const wellMs = Math.round(performance.now() - healedMs);
  const given = countBy(backed, 'live', 'fallback');
  chaos.claim('who has a fallback gets rows', given === backed.length, outcomes(backed));
  if (!stores.includes('cache'))
    chaos.claim('what is fresh is given', countBy(held, 'fresh') === held.length, outcomes(held));
  // A job may still run while only its result has no place: whoever has nothing else waits for it as long as he may.
  const quick = stores.includes('queue') ? [...backed, ...bare] : backed;
  const mostMs = (stores.includes('queue') ? 1_000 : 2_500) + (chaos.isStrict ? 0 : 2_500);
  chaos.claim(`answers within ${mostMs} ms`, slowestMs(quick) <= mostMs, slowestMs(quick));
  const patienceMs = chaos.isStrict ? 5_000 : 15_000;
  chaos.claim(`every process is well within ${patienceMs} ms`, wellMs <= patienceMs, wellMs);
  return {
    upAfterMs: upMs,
    allWellAfterMs: wellMs,
    backed: outcomes(backed),
    bare: outcomes(bare),
    known: outcomes(held),
    slowestBackedMs: slowestMs(backed),
    slowestBareMs: slowestMs(bare),
  };
}

let rounds = 0;

/** Whether ten new questions on connections of their own, so to all processes, are all answered live. */
async function isWell(chaos: Chaos): Promise<boolean> {
  rounds += 1;
  const answers = await chaos.fire({
    questions: ask('lasting', `${chaos.run}-well-${rounds}-{n}`),
    arrival: { kind: 'at-once', count: 10 },
  });
  return countBy(answers, 'live') === answers.length;
}
