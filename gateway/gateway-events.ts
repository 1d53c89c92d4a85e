import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { BreakerState } from '../shared/breaker.ts';
import type { Logger } from '../shared/log.ts';
import type { FlightJob } from '../shared/queue/flight-job.ts';
import { createRepeatGuard } from '../shared/repeat-guard.ts';
import type { Answer } from './answer/answer.ts';

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
export interface GatewayEvents {
  requestEnded(request: EndedRequest): void;
  requestFailed(requestId: string, error: unknown): void;
  entryUnreadable(fingerprint: string, why: string): void;
  refreshNotStarted(job: FlightJob, error: unknown): void;
  redisError(role: string, error: Error): void;
  breakerChanged(name: string, state: BreakerState): void;
}

const SLOW_MS = 1_000;
const BREAKER_LEVEL = { closed: 0, 'half-open': 1, open: 2 } as const;

/** The events of one gateway process, over its log and its metrics. */
export function createGatewayEvents(log: Logger, register: Registry): GatewayEvents {
  const metrics = createMetrics(register);
  const rarely = createRepeatGuard(5_000);
  return {
    requestEnded({ requestId, route, status, tookMs, answers }) {
      metrics.requests.inc({ route, status });
      metrics.seconds.observe({ route }, tookMs / 1_000);
      for (const { query, answer } of answers)
        metrics.answers.inc({ query, source: answer.source, reason: reasonOf(answer) });
      if (status < 500 && tookMs < SLOW_MS) return;
      const parts = answers.map(
        ({ query, answer }) => `${query}:${answer.source}:${reasonOf(answer)}`,
      );
      const line = { requestId, route, status, tookMs: Math.round(tookMs), parts };
      if (status >= 500) log.warn(line, 'request failed');
      else log.info(line, 'slow request');
    },
    requestFailed(requestId, error) {
      metrics.faults.inc({ kind: 'request' });
      log.error(
        { requestId, error: error instanceof Error ? error.stack : String(error) },
        'error in a request',
      );
    },
    entryUnreadable(fingerprint, why) {
      metrics.faults.inc({ kind: 'entry-unreadable' });
      rarely('unreadable', (held) =>
        log.warn(
          { fingerprint: fingerprint.slice(0, 12), why, heldBack: held },
          'entry unreadable',
        ),
      );
    },
    refreshNotStarted(job, error) {
      metrics.faults.inc({ kind: 'refresh-not-started' });
      rarely('refresh', (held) =>
        log.warn({ query: job.query, error: String(error), heldBack: held }, 'refresh not started'),
      );
    },
    redisError(role, error) {
      metrics.faults.inc({ kind: `redis-${role}` });
      rarely(`redis-${role}`, (held) =>
        log.warn({ redis: role, error: String(error), heldBack: held }, 'redis error'),
      );
    },
    breakerChanged(name, state) {
      metrics.breakers.set({ breaker: name }, BREAKER_LEVEL[state]);
      log.warn({ breaker: name, state }, 'breaker changed');
    },
  };
}

function createMetrics(register: Registry) {
  const registers = [register];
  return {
    requests: new Counter({
      name: 'punctual_requests_total',
      help: 'Requests by route and status',
      labelNames: ['route', 'status'],
      registers,
    }),
    seconds: new Histogram({
      name: 'punctual_request_seconds',
      help: 'Time from a request to the end of its answer',
      labelNames: ['route'],
      buckets: [0.001, 0.002, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 2, 5, 10, 15, 18, 19, 20],
      registers,
    }),
    answers: new Counter({
      name: 'punctual_answers_total',
      help: 'Answers of parts by query, source and reason',
      labelNames: ['query', 'source', 'reason'],
      registers,
    }),
    faults: new Counter({
      name: 'punctual_gateway_faults_total',
      help: 'Faults of a gateway by kind',
      labelNames: ['kind'],
      registers,
    }),
    breakers: new Gauge({
      name: 'punctual_breaker_state',
      help: '0 closed, 1 half-open, 2 open',
      labelNames: ['breaker'],
      aggregator: 'max' as const,
      registers,
    }),
  };
}

function reasonOf(answer: Answer): string {
  return answer.reason ?? '';
}
