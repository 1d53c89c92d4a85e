import type { Breaker, Outcome } from '../../shared/breaker/breaker.ts';
import { ERROR_CODES } from '../../shared/error-codes.ts';
import type { FlightJob } from '../../shared/queue/flight-job.ts';
import { type Bell, createBell } from './bell.ts';
import { createWants, type Wants } from './wants.ts';
import { type WatchEnd, type WatchParts, watchFlight } from './watch.ts';

/** A fingerprint's flight as one process sees it, and who wants it. */
export interface Watch {
  /** Never rejects. */
  readonly end: Promise<GuardedEnd>;
  readonly bell: Bell;
  readonly wants: Wants;
}

/** How a watch ends, or that the query's breaker let none begin. */
export type GuardedEnd = WatchEnd | { readonly kind: 'breaker-open' };

/** What a flight is watched through, and who judges it. */
export interface WatchingParts extends WatchParts {
  /** The breaker of a query: each watch is one call, however many wait for it and for however short a time. */
  readonly breakerFor: (query: string) => Breaker;
  /** A flight of this query that has been in the air for so long without a result counts as failed. */
  readonly patienceMs: (query: string) => number;
}

/** Watches a flight to its end, through the breaker of its query. Somebody has to want it at once. */
export function beginWatch(parts: WatchingParts, job: FlightJob, onEnd: () => void): Watch {
  const bell = createBell();
  const wants = createWants(() => bell.ring());
  const end = watchThroughBreaker(parts, job, bell, wants).catch(
    (error: unknown): GuardedEnd => ({ kind: 'store-down', detail: String(error) }),
  );
  return { end: end.finally(onEnd), bell, wants };
}

async function watchThroughBreaker(
  parts: WatchingParts,
  job: FlightJob,
  bell: Bell,
  wants: Wants,
): Promise<GuardedEnd> {
  const admitted = await parts.breakerFor(job.query).admit();
  if (!admitted.admitted) return { kind: 'breaker-open' };
  try {
    const end = await watchFlight(parts, job, { bell, wantedUntil: () => wants.until });
    admitted.report(outcomeOf(parts, job, end));
    return end;
  } catch (error) {
    admitted.report('ignored');
    throw error;
  }
}

/** A flight that nobody waited for long enough says nothing about its query, and neither does one that no worker took. */
function outcomeOf({ patienceMs }: WatchingParts, { query }: FlightJob, end: WatchEnd): Outcome {
  switch (end.kind) {
    case 'landed':
      return 'success';
    case 'failed':
      return ERROR_CODES[end.code].fault === 'warehouse' ? 'failure' : 'ignored';
    case 'unwanted':
      return end.flownMs >= patienceMs(query) ? 'failure' : 'ignored';
    case 'store-down':
      return 'ignored';
    default:
      return end satisfies never;
  }
}
