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
  const later = await chaos.begin({ questions, arrival: { kind: 'rate', perSecond: 20 } });
  await sleep(Math.max(0, suspension.lastsMs - (performance.now() - suspendedMs)));
  suspension.resume(chaos);
  await sleep(3_000);
  await chaos.recovery();
  const after = await later();
  const back = stepsBack([...first, ...after]);
  chaos.claim('every question is answered live', countBy(first, 'live') === count, outcomes(first));
  chaos.claim('nothing older ever comes after something newer', back === 0, back);
  const given = countBy(after, 'live', 'fresh', 'stale');
  chaos.claim('and all that is asked later has rows', given === after.length, outcomes(after));
  return {
    first: outcomes(first),
    slowestFirstMs: slowestMs(first),
    later: outcomes(after),
    slowestLaterMs: slowestMs(after),
  };
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
