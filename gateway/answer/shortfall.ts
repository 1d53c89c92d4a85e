import { type Code, ERROR_CODES } from '../../shared/error-codes.ts';
import type { FlightResult } from '../flights/flights.ts';
import type { Reason } from './answer.ts';

/** Why no newer rows can be had, for the label and, when nothing at all can be given, for the error. */
export interface Shortfall {
  readonly reason: Reason;
  readonly code: Code;
  readonly detail: string;
  readonly retryAfterSeconds?: number;
}

/** The caller wants what is stored, and no flight. */
export const NOT_CACHED = {
  reason: 'only-if-cached',
  code: 'timeout',
  detail: 'nothing fresh is stored',
} as const;

/** A person has switched the query. */
export const SWITCHED = {
  reason: 'switched',
  code: 'switched',
  detail: 'the query is switched to what is stored, and nothing is',
} as const;

/** Nothing came before the wait was over. */
export const TIMED_OUT = {
  reason: 'timeout',
  code: 'timeout',
  detail: 'no result came in time',
} as const;

/** One of the two roles of Redis is away. */
export const STORE_DOWN = {
  reason: 'store-down',
  code: 'store-down',
  detail: 'a store cannot be reached',
} as const;

/** The query's breaker is not closed. */
export const BREAKER_OPEN = {
  reason: 'breaker-open',
  code: 'breaker-open',
  detail: 'the query keeps failing and is paused for some seconds',
} as const;

/** What a flight that has brought nothing leaves to be said. */
export function shortfallOf(result: Exclude<FlightResult, { kind: 'landed' }>): Shortfall {
  switch (result.kind) {
    case 'timeout':
      return TIMED_OUT;
    case 'breaker-open':
      return BREAKER_OPEN;
    case 'store-down':
      return STORE_DOWN;
    case 'shed':
      return {
        reason: 'shed',
        code: 'overloaded',
        detail: 'there is no room for the query now',
        retryAfterSeconds: result.retryAfterSeconds,
      };
    case 'failed':
      return {
        reason: reasonOf(result.code),
        code: result.code,
        detail: ERROR_CODES[result.code].title,
      };
    default:
      return result satisfies never;
  }
}

/** The codes that are reasons of their own, wherever they were met: a worker has a breaker and needs the stores, too. */
function reasonOf(code: Code): Reason {
  return code === 'breaker-open' || code === 'timeout' || code === 'store-down' ? code : 'failed';
}
