import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { BreakerState } from '../shared/breaker.ts';
import type { Code } from '../shared/error-codes.ts';
import type { Logger } from '../shared/log.ts';
import type { FlightJob } from '../shared/queue/flight-job.ts';
import { createRepeatGuard } from '../shared/repeat-guard.ts';
import type { FlightEnd } from './run-flight.ts';

/** What happens in a worker that somebody should hear of: each writes its log line and its metric together. */
export interface WorkerEvents {
  flightEnded(job: FlightJob, end: FlightEnd, tookMs: number): void;
  flightFailed(job: FlightJob, code: Code, detail: string): void;
  flightCrashed(jobId: string, error: unknown): void;
  leaseNotFreed(job: FlightJob, error: unknown): void;
  threadError(error: string): void;
  redisError(role: string, error: Error): void;
  breakerChanged(name: string, state: BreakerState): void;
}

const BREAKER_LEVEL = { closed: 0, 'half-open': 1, open: 2 } as const;

/** The events of one worker process, over its log and its metrics. */
export function createWorkerEvents(log: Logger, register: Registry): WorkerEvents {
  const registers = [register];
  const flights = new Counter({
    name: 'punctual_flights_total',
    help: 'Flights by query and how they ended',
    labelNames: ['query', 'class', 'end'],
    registers,
  });
  const failures = new Counter({
    name: 'punctual_flight_failures_total',
    help: 'Failed flights by query and error code',
    labelNames: ['query', 'code'],
    registers,
  });
  const seconds = new Histogram({
    name: 'punctual_flight_seconds',
    help: 'Time from pick-up to the end of a flight',
    labelNames: ['query'],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 15, 30, 60],
    registers,
  });
  const faults = new Counter({
    name: 'punctual_worker_faults_total',
    help: 'Faults of a worker that belong to no single flight',
    labelNames: ['kind'],
    registers,
  });
  const breakers = new Gauge({
    name: 'punctual_breaker_state',
    help: '0 closed, 1 half-open, 2 open',
    labelNames: ['breaker'],
    registers,
  });
  const rarely = createRepeatGuard(5_000);
  return {
    flightEnded(job, end, tookMs) {
      flights.inc({ query: job.query, class: job.class, end });
      seconds.observe({ query: job.query }, tookMs / 1_000);
      log.debug({ ...about(job), end, tookMs: Math.round(tookMs) }, 'flight ended');
    },
    flightFailed(job, code, detail) {
      failures.inc({ query: job.query, code });
      rarely(`failed ${job.query} ${code}`, (held) =>
        log.warn({ ...about(job), code, detail, heldBack: held }, 'flight failed'),
      );
    },
    flightCrashed(jobId, error) {
      faults.inc({ kind: 'flight-crashed' });
      rarely('flight-crashed', (held) =>
        log.error({ jobId, error: String(error), heldBack: held }, 'flight crashed'),
      );
    },
    leaseNotFreed(job, error) {
      faults.inc({ kind: 'lease-not-freed' });
      rarely('lease-not-freed', (held) =>
        log.warn({ ...about(job), error: String(error), heldBack: held }, 'lease not freed'),
      );
    },
    threadError(error) {
      faults.inc({ kind: 'thread' });
      rarely('thread', (held) => log.error({ error, heldBack: held }, 'error in a query thread'));
    },
    redisError(role, error) {
      faults.inc({ kind: `redis-${role}` });
      rarely(`redis-${role}`, (held) =>
        log.warn({ redis: role, error: String(error), heldBack: held }, 'redis error'),
      );
    },
    breakerChanged(name, state) {
      breakers.set({ breaker: name }, BREAKER_LEVEL[state]);
      log.warn({ breaker: name, state }, 'breaker changed');
    },
  };
}

function about(job: FlightJob) {
  return { query: job.query, fingerprint: job.fingerprint.slice(0, 12), requestId: job.requestId };
}
