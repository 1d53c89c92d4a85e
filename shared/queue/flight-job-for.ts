import type { Query } from '../catalog/catalog.ts';
import type { Parameters } from '../fingerprint.ts';
import type { FlightJob } from './flight-job.ts';

/** What a flight is to bring: one query's rows for one set of parameters, and what they are filed under. */
export interface Wanted {
  readonly query: Query;
  readonly parameters: Parameters;
  readonly scope: string;
  readonly fingerprint: string;
}

/** For whom it is flown, and what would be news to him; instants are milliseconds since the epoch. */
export interface FlightWish {
  readonly requestId: string;
  readonly newerThan: number;
  readonly now: number;
}

/** The flight that brings what is wanted, due when its query's time is over. */
export function flightJobFor(
  { fingerprint, query, scope, parameters }: Wanted,
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
