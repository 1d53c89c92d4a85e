import type { Query } from '../shared/catalog/catalog.ts';
import type { ClaimedJob } from '../shared/flight/lease.ts';
import type { FlightJob } from '../shared/queue/flight-job.ts';

/** How much longer than its flight a warehouse job id is remembered, for the worker that picks the flight up after a crash. */
const REMEMBER_JOB_MS = 60_000;

/** A new warehouse job for a flight: readable in the warehouse's own job list, and never used twice. */
export function newWarehouseJob({ policy }: Query, { query, fingerprint }: FlightJob): ClaimedJob {
  return {
    jobId: `punctual_${query}_${fingerprint.slice(0, 12)}_${crypto.randomUUID()}`,
    lifetimeMs: policy.timeoutMs + policy.harvestForMs + REMEMBER_JOB_MS,
  };
}
