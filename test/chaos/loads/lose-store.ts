import { setTimeout as sleep } from 'node:timers/promises';
import type { Chaos, Figures } from '../row.ts';
import { countBy, outcomes, shareMs, slowestMs } from '../tally.ts';
import { mixedQuestions, standing } from './mixed.ts';

/** A way to lose a store, and to get it back. */
export interface Loss {
  readonly store: 'queue' | 'cache' | 'both';
  readonly lose: (chaos: Chaos) => Promise<unknown> | void;
  readonly giveBack?: (chaos: Chaos) => Promise<unknown> | void;
  readonly lastsMs: number;
  /** By when whoever has a fallback is given something; the soft timeout when left out. */
  readonly backedWithinMs?: number;
}

const latestMs = 18_500;
const perSecond = 15;

/** Loses a store in the middle of a mixed load and gives it back; claims what callers must not notice of it. */
export async function loseStore(chaos: Chaos, loss: Loss): Promise<Figures> {
  const { known, all } = mixedQuestions(chaos.run);
  await chaos.seed(known);
  await sleep(1_100);
  const end = await chaos.begin({ questions: all, arrival: { kind: 'rate', perSecond } });
  await sleep(1_000);
  await loss.lose(chaos);
  const lostAt = Date.now();
  await sleep(loss.lastsMs);
  await loss.giveBack?.(chaos);
  await chaos.recovery();
  const exchanges = await end();
  const slowest = slowestMs(exchanges);
  chaos.claim(`no answer later than ${latestMs} ms`, slowest <= latestMs, slowest);
  const backed = standing(exchanges, 'backed');
  const given = countBy(backed, 'live', 'fresh', 'fallback');
  chaos.claim('who has a fallback always gets rows', given === backed.length, outcomes(backed));
  const softMs = (loss.backedWithinMs ?? 2_000) + (chaos.isStrict ? 500 : 2_500);
  // What was under way when it broke has its own deadline: its result may be at the door of the store.
  const sinceMs = slowestMs(backed.filter(({ sentAt }) => sentAt > lostAt));
  chaos.claim(`and who comes when it is gone, within ${softMs} ms`, sinceMs <= softMs, sinceMs);
  if (loss.store === 'queue') claimHits(chaos, exchanges);
  return {
    mixed: exchanges.length,
    lostForMs: loss.lastsMs,
    slowestMixedMs: slowest,
    p50Ms: shareMs(exchanges, 0.5),
    p99Ms: shareMs(exchanges, 0.99),
    fresh: outcomes(standing(exchanges, 'fresh')),
    stale: outcomes(standing(exchanges, 'stale')),
    backed: outcomes(backed),
    bare: outcomes(standing(exchanges, 'bare')),
  };
}

/** Entries are in the other store: whoever has one gets it. A busy machine may take longer to read one than is waited for. */
function claimHits(chaos: Chaos, exchanges: Parameters<typeof standing>[0]): void {
  const fresh = standing(exchanges, 'fresh');
  const leastShare = chaos.isStrict ? 1 : 0.9;
  const isFresh = countBy(fresh, 'fresh') >= leastShare * fresh.length;
  chaos.claim('what is fresh stays fresh', isFresh, outcomes(fresh));
  const stale = standing(exchanges, 'stale');
  const served = countBy(stale, 'stale', 'live', 'fresh');
  chaos.claim('what is stale is served', served >= leastShare * stale.length, outcomes(stale));
}
