import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../until.ts';
import type { Exchange } from '../judges/client/exchange.ts';
import { ask } from '../question.ts';
import type { Chaos, Figures } from '../row.ts';
import { countBy, keys, outcomes, slowestMs } from '../tally.ts';

/** A way to stop a worker in the middle of its work, and to let it go on. */
export interface Suspension {
  readonly suspend: (chaos: Chaos) => void;
  readonly resume: (chaos: Chaos) => void;
  readonly lastsMs: number;
}

const count = 12;
const latencyMs = 2_000;
/** Before the worker comes back nobody asks any more: whatever is stored from then on, it has stored. */
const quietMs = 1_500;

/**
 * Suspends one of two workers while its jobs run, has the same questions answered anew by the other meanwhile, and lets it
 * come back with what it was about to store: claims that nobody ever sees anything older than what he has seen.
 */
export async function suspendWorker(chaos: Chaos, suspension: Suspension): Promise<Figures> {
  const questions = keys(chaos.run, count).map((key) => ask('plain', key));
  const arrival = { kind: 'at-once', count } as const;
  await chaos.faults({ match: { query: 'plain' }, latencyMs });
  const answering = chaos.fire({ questions, arrival });
  await until(async () => (await chaos.warehouse.ask('jobs', 'plain')).length === count);
  suspension.suspend(chaos);
  const suspendedMs = performance.now();
  const first = await answering;
  await chaos.faults();
  const leftMs = () => suspension.lastsMs - quietMs - (performance.now() - suspendedMs);
  const perSecond = 20;
  const forMs = Math.max(2_000, leftMs() - 500);
  const meanwhile = await chaos.fire({ questions, arrival: { kind: 'rate', perSecond, forMs } });
  await sleep(Math.max(0, leftMs()));
  const stored = await storedEntries(chaos);
  await sleep(quietMs);
  suspension.resume(chaos);
  await sleep(3_000);
  const overwritten = changedIn(stored, await storedEntries(chaos));
  const after = await chaos.fire({ questions, arrival });
  await chaos.recovery();
  const later = [...meanwhile, ...after];
  const back = stepsBack([...first, ...later]);
  const given = countBy(later, 'live', 'fresh', 'stale');
  chaos.claim('every question is answered live', countBy(first, 'live') === count, outcomes(first));
  chaos.claim('what it comes back with overwrites nothing', overwritten === 0, overwritten);
  chaos.claim('nothing older ever comes after something newer', back === 0, back);
  chaos.claim('and all that is asked later has rows', given === later.length, outcomes(later));
  return {
    first: outcomes(first),
    slowestFirstMs: slowestMs(first),
    later: outcomes(later),
    slowestLaterMs: slowestMs(later),
    entries: stored.size,
  };
}

/** Every entry in the cache as it is stored, by its key. */
async function storedEntries({ store }: Chaos): Promise<Map<string, string>> {
  const all = await store.ask('keys');
  const entries = all.filter(({ role, key }) => role === 'cache' && key.endsWith(':entry'));
  const values = entries.map(
    async ({ key }) => [key, String(await store.ask('command', 'cache', 'GET', key))] as const,
  );
  return new Map(await Promise.all(values));
}

function changedIn(before: Map<string, string>, after: Map<string, string>): number {
  return [...before].filter(([key, value]) => after.get(key) !== value).length;
}

/** How often an answer was older than one that had ended before it was asked for. */
function stepsBack(exchanges: readonly Exchange[]): number {
  const byKey = Map.groupBy(exchanges, ({ key }) => key);
  return [...byKey.values()].flatMap((same) => same.filter((one) => isOlder(one, same))).length;
}

function isOlder(one: Exchange, others: readonly Exchange[]): boolean {
  const asOf = asOfIn(one);
  return others.some(
    (other) => other.sentMs + (other.lastByteMs ?? Infinity) < one.sentMs && asOfIn(other) > asOf,
  );
}

function asOfIn({ parts = {} }: Exchange): number {
  return Math.min(...Object.values(parts).map(({ asOf }) => Date.parse(asOf ?? '')));
}
