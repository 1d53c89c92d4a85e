import { setTimeout as sleep } from 'node:timers/promises';
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
  // The other processes have their own pauses between tries to connect, of a second at most.
  await sleep(1_500);
  const after = await chaos.fire({
    questions: ask('lasting', `${chaos.run}-after-{n}`),
    arrival: { kind: 'at-once', count: 10 },
  });
  const given = countBy(backed, 'live', 'fallback');
  chaos.claim('who has a fallback gets rows', given === backed.length, outcomes(backed));
  if (!stores.includes('cache'))
    chaos.claim('what is fresh is given', countBy(held, 'fresh') === held.length, outcomes(held));
  // A job may still run while only its result has no place: whoever has nothing else waits for it as long as he may.
  const quick = stores.includes('queue') ? [...backed, ...bare] : backed;
  const mostMs = (stores.includes('queue') ? 1_000 : 2_500) + (chaos.isStrict ? 0 : 2_500);
  chaos.claim(`answers within ${mostMs} ms`, slowestMs(quick) <= mostMs, slowestMs(quick));
  chaos.claim('all is well again', countBy(after, 'live') === after.length, outcomes(after));
  return {
    upAfterMs: upMs,
    backed: outcomes(backed),
    bare: outcomes(bare),
    known: outcomes(held),
    slowestBackedMs: slowestMs(backed),
    slowestBareMs: slowestMs(bare),
  };
}
