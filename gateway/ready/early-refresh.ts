import { UNCHANGED_FOR_MS } from '../../shared/entry/entry.ts';
import { flightJobFor } from '../../shared/queue/flight-job-for.ts';
import type { PartAnswer } from '../answer/answer-parts.ts';
import type { Flights } from '../flights/flights.ts';
import type { ReadyAnswer } from './ready-answer.ts';
import type { Kept } from './ready-memory.ts';

/** An answer that is given so often within its fresh time is asked for anew before that ends: nobody should meet its end. */
const IN_DEMAND = 10;
/** Somewhere between these shares of the fresh time before its end, so that a fleet and its keys do not refresh in one beat. */
const LEAST_SHARE = 0.05;
const MOST_SHARE = 0.15;

/** When an answer that is in demand is refreshed, milliseconds since the epoch: drawn anew for each. */
export function earlyRefreshAt({ answers }: Pick<ReadyAnswer, 'answers'>): number {
  const share = LEAST_SHARE + Math.random() * (MOST_SHARE - LEAST_SHARE);
  return Math.min(...answers.map((one) => freshShareEndsAt(one, share)));
}

/** Starts flights for the parts that are soon no longer fresh, if the answer is in demand and its time has come. */
export function refreshEarly(
  flights: Pick<Flights, 'startBehind'>,
  kept: Kept,
  { requestId, now }: { readonly requestId: string; readonly now: number },
): void {
  if (now < kept.refreshAt || kept.given < IN_DEMAND) return;
  kept.refreshAt = Number.POSITIVE_INFINITY;
  for (const one of kept.ready.answers) {
    const { part, answer } = one;
    if (answer.source === 'none' || answer.asOf === undefined) continue;
    if (now >= freshShareEndsAt(one, MOST_SHARE))
      flights.startBehind(flightJobFor(part, { requestId, newerThan: answer.asOf, now }));
  }
}

/** When all but a last share of a part's fresh time is over; while its tables are seen unchanged it stays fresh without a flight up to its bound. */
function freshShareEndsAt({ part, answer }: PartAnswer, share: number): number {
  if (answer.source === 'none' || answer.asOf === undefined) return Number.POSITIVE_INFINITY;
  const { freshForMs, freshAtMostMs } = part.query.policy;
  // An entry that was read after the last look's word was over has nobody who watches its tables.
  const isWatched = answer.asOf < (answer.unchangedAt ?? 0) + UNCHANGED_FOR_MS;
  const boundMs = isWatched ? freshAtMostMs : freshForMs;
  return answer.asOf + boundMs - freshForMs * share;
}
