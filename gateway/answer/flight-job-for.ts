import type { FlightJob } from '../../shared/queue/flight-job.ts';
import type { Part } from './part.ts';

/** For whom a part is flown, and what would be news to him; instants are milliseconds since the epoch. */
export interface FlightWish {
  readonly requestId: string;
  readonly newerThan: number;
  readonly now: number;
}

/** The flight that brings a part's rows, due when its query's time is over. */
export function flightJobFor(
  { fingerprint, query, scope, parameters }: Part,
  { requestId, newerThan, now }: FlightWish,
): FlightJob {
  return {
    fingerprint,
    query: query.name,
    version: query.version,
    scope,
    parameters: parameters as FlightJob['parameters'],
    class: query.policy.class,
    deadline: now + query.policy.timeoutMs,
    newerThan,
    requestId,
    ...(query.batch ? { batched: true } : {}),
  };
}
