import { Counter, type Registry } from 'prom-client';
import { createFaultEvents, type FaultEvents } from '../shared/fault-events.ts';
import type { Logger } from '../shared/log.ts';
import { createDurations } from '../shared/metrics/durations.ts';
import { createTally } from '../shared/metrics/tally.ts';
import type { FlightJob } from '../shared/queue/flight-job.ts';
import type { Mode } from '../shared/switches/mode.ts';
import type { Refusal } from './admission/verdict.ts';
import type { Answer } from './answer/answer.ts';
import { createHitCounters, type HitCounter, SHORTEST_BUCKET_MS } from './hit-counters.ts';

/** A request as it ended, for the log and the metrics. */
export interface EndedRequest {
  readonly requestId: string;
  /** The route's pattern, never the path: labels stay few. */
  readonly route: string;
  readonly status: number;
  readonly tookMs: number;
  readonly answers: readonly { readonly query: string; readonly answer: Answer }[];
}

/** What happens in a gateway that somebody should hear of: each writes its log line and its metric together. */
export interface GatewayEvents extends FaultEvents {
  requestEnded(request: EndedRequest): void;
  /** For whoever gives the same answer often: its labels are looked up once. */
  hitCounter(route: string, queries: readonly string[]): HitCounter;
  requestFailed(requestId: string, error: unknown): void;
  entryUnreadable(fingerprint: string, why: string): void;
  refreshNotStarted(job: FlightJob, error: unknown): void;
  /** An answer left as it is, because it could not be compressed in time. */
  notEncoded(encoding: string, error: unknown): void;
  /** A flight was refused before it cost anything. */
  flightShed(query: string, why: Refusal): void;
  switchChanged(query: string, mode: Mode): void;
  /** The report on warming counts so many hits too few. */
  hitsLeftOut(hits: number): void;
  /** An entry of a query's previous version is not given, because its rows do not fit the query any more. */
  previousUnfit(query: string): void;
}

/** From then on a request is told of in the log. */
export const SLOW_MS = 1_000;

const LONGER_BUCKETS_SECONDS = [0.002, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 2, 5, 10, 15, 18, 19, 20];

/** The events of one gateway process, over its log and its metrics. */
export function createGatewayEvents(log: Logger, register: Registry): GatewayEvents {
  const metrics = createMetrics(register, () => hits.settle());
  const hits = createHitCounters(metrics);
  const faults = createFaultEvents(log, register);
  return {
    ...faults,
    requestEnded({ requestId, route, status, tookMs, answers }) {
      metrics.requests.of({ route, status: String(status) }).add();
      metrics.seconds.of(route).observe(tookMs);
      for (const { query, answer } of answers)
        metrics.answers.of({ query, source: answer.source, reason: reasonOf(answer) }).add();
      if (status < 500 && tookMs < SLOW_MS) return;
      const parts = answers.map(({ query, answer }) =>
        [query, answer.source, reasonOf(answer)].join(':'),
      );
      const line = { requestId, route, status, tookMs: Math.round(tookMs), parts };
      // An outage answers every request so: each is counted, and one in a while is told of.
      if (status >= 500) faults.fault(`answered-${status}`, 'request failed', line);
      else log.info(line, 'slow request');
    },
    hitCounter: (route, queries) => hits.of(route, queries),
    requestFailed(requestId, error) {
      const text = error instanceof Error ? error.stack : String(error);
      faults.fault('request', 'error in a request', { requestId, error: text }, 'error');
    },
    entryUnreadable: (fingerprint, why) =>
      faults.fault('entry-unreadable', 'entry unreadable', {
        fingerprint: fingerprint.slice(0, 12),
        why,
      }),
    notEncoded: (encoding, error) =>
      faults.fault('not-encoded', 'answer not compressed', { encoding, error: String(error) }),
    flightShed(query, why) {
      metrics.shed.inc({ query, why });
      faults.fault(`shed-${why}`, 'flight shed', { query, why });
    },
    switchChanged: (query, mode) => log.warn({ query, mode }, 'switch changed'),
    previousUnfit: (query) =>
      faults.fault('previous-unfit', "rows of a query's previous version do not fit", { query }),
    hitsLeftOut: (hits) =>
      faults.fault('hits-left-out', 'hits of warmed entries were not noted', { hits }),
    refreshNotStarted: (job, error) =>
      faults.fault('refresh-not-started', 'refresh not started', {
        query: job.query,
        error: String(error),
      }),
  };
}

function createMetrics(register: Registry, settle: () => void) {
  return {
    requests: createTally(register, {
      name: 'punctual_requests_total',
      help: 'Requests by route and status',
      labelNames: ['route', 'status'],
      settle,
    }),
    seconds: createDurations(register, {
      name: 'punctual_request_seconds',
      help: 'Time from a request to the end of its answer',
      label: 'route',
      settle,
      bucketsSeconds: [SHORTEST_BUCKET_MS / 1_000, ...LONGER_BUCKETS_SECONDS],
    }),
    answers: createTally(register, {
      name: 'punctual_answers_total',
      help: 'Answers of parts by query, source and reason',
      labelNames: ['query', 'source', 'reason'],
      settle,
    }),
    shed: new Counter({
      name: 'punctual_flights_shed_total',
      help: 'Flights that were refused before they cost anything, by query and why',
      labelNames: ['query', 'why'],
      registers: [register],
    }),
  };
}

function reasonOf(answer: Answer): string {
  return answer.reason ?? '';
}
