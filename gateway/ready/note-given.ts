import type { Runway } from '../entries/runway.ts';
import type { Flights } from '../flights/flights.ts';
import { type GatewayEvents, SLOW_MS } from '../gateway-events.ts';
import type { DemandNotes } from '../warm/demand-notes.ts';
import { refreshEarly } from './early-refresh.ts';
import type { Given, MemoryTierParts } from './memory-tier.ts';
import type { Kept } from './ready-memory.ts';

/** What notices that answers are given from memory. */
export interface GivenNotes {
  readonly events: Pick<GatewayEvents, 'requestEnded' | 'hitCounter'>;
  readonly runway: Runway;
  readonly flights: Pick<Flights, 'startBehind'>;
  readonly demand: Pick<DemandNotes, 'note'>;
}

/** For so long nothing changes about an answer that anybody would want to know. */
const LOOK_EVERY_MS = 100;

/** Notes an answer from memory as every other one is noted, and refreshes early what is in demand. */
export function noteGiven({
  events,
  runway,
  flights,
  demand,
}: GivenNotes): MemoryTierParts['onGiven'] {
  function count(kept: Kept, { requestId, status, tookMs }: Given): void {
    const { route, ready } = kept;
    const answers = ready.answers.map(({ part, answer }) => ({ query: part.query.name, answer }));
    if (tookMs >= SLOW_MS)
      return events.requestEnded({ requestId, route, status, tookMs, answers });
    kept.counter ??= events.hitCounter(
      route,
      answers.map(({ query }) => query),
    );
    kept.counter.count(status, tookMs);
  }
  function look(kept: Kept, { requestId, now, socket }: Given): void {
    const asks = kept.given - kept.asksNoted;
    kept.asksNoted = kept.given;
    for (const { part, answer } of kept.ready.answers) {
      demand.note(part, asks, socket.remoteAddress);
      if (answer.source !== 'none' && answer.asOf !== undefined)
        runway.note(part.query.name, answer.asOf, part.query.policy);
    }
    refreshEarly(flights, kept, { requestId, now });
  }
  return (kept, given) => {
    kept.given++;
    if (kept.counter && given.tookMs < SLOW_MS) kept.counter.count(given.status, given.tookMs);
    else count(kept, given);
    if (given.leftAtMs - kept.lookedAtMs < LOOK_EVERY_MS) return;
    kept.lookedAtMs = given.leftAtMs;
    look(kept, given);
  };
}
