import { type Admission, createFlights, type Flights } from '../../gateway/flights/flights.ts';
import type { WatchParts } from '../../gateway/flights/watch.ts';
import { type Breaker, createBreaker, type Outcome } from '../../shared/breaker/breaker.ts';
import type { SkyTime } from './sky-time.ts';
import { openEntry } from './watch-doubles.ts';

/** A gateway process under a sky. */
export interface Gateway {
  readonly flights: Flights;
  readonly breaker: Breaker;
  /** What its watches have reported to the breaker. */
  readonly reports: readonly Outcome[];
  admission: Admission;
  /** The watches whose last look has told a wish, and since when they have been looking, by fingerprint. */
  readonly wishing: Map<string, { readonly watcher: string; readonly since: number }>;
}

const LIMITS = {
  windowMs: 60_000,
  leastCalls: 5,
  errorPercent: 50,
  resetAfterMs: 2_000,
  probeMs: 2_500,
};

/** A gateway process that reaches the stores so; a flight has failed its query once it has been in the air for `patienceMs`. */
export function openGateway(
  time: SkyTime,
  stores: Pick<WatchParts, 'entries' | 'landings' | 'start'>,
  patienceMs: number,
): Gateway {
  const breaker = createBreaker('q', LIMITS, { onChange: () => undefined, now: () => time.now() });
  const reports: Outcome[] = [];
  const reporting = listenTo(breaker, reports);
  const gateway: Gateway = {
    breaker,
    reports,
    admission: { admit: true },
    wishing: new Map(),
    flights: createFlights({
      ...stores,
      startAgain: stores.start,
      open: openEntry,
      clock: time,
      breakerFor: () => reporting,
      patienceMs: () => patienceMs,
      judge: async () => gateway.admission,
      refreshNotStarted: () => undefined,
    }),
  };
  return gateway;
}

/** The breaker itself, whose reports are written down. */
function listenTo(breaker: Breaker, reports: Outcome[]): Breaker {
  return {
    get state() {
      return breaker.state;
    },
    async admit() {
      const admitted = await breaker.admit();
      if (!admitted.admitted) return admitted;
      const report = (outcome: Outcome) => {
        reports.push(outcome);
        admitted.report(outcome);
      };
      return { ...admitted, report };
    },
    guard: (...call) => breaker.guard(...call),
    close: () => breaker.close(),
  };
}
