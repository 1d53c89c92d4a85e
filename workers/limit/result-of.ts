import type { QueryOutcome } from '../thread/task.ts';
import type { FlightResult } from './adaptive-limit.ts';

/** What an outcome that nobody brought about by giving up says of how much the warehouse can take. */
export function resultOf(outcome: QueryOutcome): FlightResult['outcome'] {
  if (outcome.ok) return 'ok';
  switch (outcome.code) {
    case 'quota-exceeded':
      return 'quota';
    case 'timeout':
    case 'warehouse-failed':
      return 'slow-or-failed';
    default:
      return 'ignored';
  }
}
