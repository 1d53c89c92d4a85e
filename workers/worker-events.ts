import { Counter, Histogram, type Registry } from 'prom-client';
import type { Code } from '../shared/error-codes.ts';
import { createFaultEvents, type FaultEvents } from '../shared/fault-events.ts';
import type { Logger } from '../shared/log.ts';
import type { FlightJob } from '../shared/queue/flight-job.ts';
import type { FlightEnd } from './run-flight.ts';

/** What happens in a worker that somebody should hear of: each writes its log line and its metric together. */
export interface WorkerEvents extends FaultEvents {
  flightEnded(job: FlightJob, end: FlightEnd, tookMs: number): void;
  flightFailed(job: FlightJob, code: Code, detail: string): void;
  flightCrashed(jobId: string, error: unknown): void;
  leaseNotFreed(job: FlightJob, error: unknown): void;
  /** Nobody wants the flight any more, and the warehouse has not confirmed that its job is cancelled. */
  jobNotCancelled(job: FlightJob, detail: string): void;
  /** One warehouse job has brought the entries of so many flights. */
  batchFlown(query: string, flights: number): void;
  /** A batch failed, and its halves are flown by themselves. */
  batchSplit(query: string, flights: number, detail: string): void;
  threadError(error: string): void;
  /** A query thread has ended by itself, and is replaced. */
  threadEnded(why: string): void;
}

/** The events of one worker process, over its log and its metrics. */
export function createWorkerEvents(log: Logger, register: Registry): WorkerEvents {
  const metrics = createMetrics(register);
  const faults = createFaultEvents(log, register);
  return {
    ...faults,
    flightEnded(job, end, tookMs) {
      metrics.flights.inc({ query: job.query, class: job.class, end });
      metrics.seconds.observe({ query: job.query }, tookMs / 1_000);
      log.debug({ ...about(job), end, tookMs: Math.round(tookMs) }, 'flight ended');
    },
    flightFailed(job, code, detail) {
      metrics.failures.inc({ query: job.query, code });
      faults.fault(`flight-${code}`, 'flight failed', { ...about(job), code, detail });
    },
    flightCrashed: (jobId, error) =>
      faults.fault('flight-crashed', 'flight crashed', { jobId, error: String(error) }, 'error'),
    leaseNotFreed: (job, error) =>
      faults.fault('lease-not-freed', 'lease not freed', { ...about(job), error: String(error) }),
    jobNotCancelled: (job, detail) =>
      faults.fault('job-not-cancelled', 'a warehouse job may still run', { ...about(job), detail }),
    batchFlown: (query, flights) => metrics.batched.observe({ query }, flights),
    batchSplit: (query, flights, detail) =>
      faults.fault('batch-split', 'a batch failed and is split', { query, flights, detail }),
    threadEnded(why) {
      metrics.threadEnds.inc();
      faults.fault('thread-ended', 'a query thread has ended', { why }, 'error');
    },
    threadError: (error) => faults.fault('thread', 'error in a query thread', { error }, 'error'),
  };
}

function createMetrics(register: Registry) {
  const registers = [register];
  return {
    flights: new Counter({
      name: 'punctual_flights_total',
      help: 'Flights by query and how they ended',
      labelNames: ['query', 'class', 'end'],
      registers,
    }),
    failures: new Counter({
      name: 'punctual_flight_failures_total',
      help: 'Failed flights by query and error code',
      labelNames: ['query', 'code'],
      registers,
    }),
    batched: new Histogram({
      name: 'punctual_batch_flights',
      help: 'Flights that one warehouse job of a batched query has brought entries for',
      labelNames: ['query'],
      buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000],
      registers,
    }),
    threadEnds: new Counter({
      name: 'punctual_thread_ends_total',
      help: 'Query threads that have ended by themselves; each is replaced',
      registers,
    }),
    seconds: new Histogram({
      name: 'punctual_flight_seconds',
      help: 'Time from pick-up to the end of a flight',
      labelNames: ['query'],
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 15, 30, 60],
      registers,
    }),
  };
}

function about(job: FlightJob) {
  return { query: job.query, fingerprint: job.fingerprint.slice(0, 12), requestId: job.requestId };
}
