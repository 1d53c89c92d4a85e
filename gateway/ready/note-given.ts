import type { Runway } from '../entries/runway.ts';
import type { Flights } from '../flights/flights.ts';
import type { GatewayEvents } from '../gateway-events.ts';
import { refreshEarly } from './early-refresh.ts';
import type { MemoryTierParts } from './memory-tier.ts';

/** What notices that answers are given from memory. */
export interface GivenNotes {
  readonly events: Pick<GatewayEvents, 'requestEnded'>;
  readonly runway: Runway;
  readonly flights: Pick<Flights, 'startBehind'>;
}

/** Notes an answer from memory as every other one is noted, and refreshes early what is in demand. */
export function noteGiven({ events, runway, flights }: GivenNotes): MemoryTierParts['onGiven'] {
  return (kept, { requestId, status, tookMs, now }) => {
    kept.given++;
    const { answers } = kept.ready;
    events.requestEnded({
      requestId,
      route: kept.route,
      status,
      tookMs,
      answers: answers.map(({ part, answer }) => ({ query: part.query.name, answer })),
    });
    for (const { part, answer } of answers)
      if (answer.source !== 'none' && answer.asOf !== undefined)
        runway.note(part.query.name, answer.asOf, part.query.policy);
    refreshEarly(flights, kept, { requestId, now });
  };
}
