import type { Outcome } from '../shared/breaker/breaker.ts';
import type { Query } from '../shared/catalog/catalog.ts';
import { epochOf } from '../shared/clock.ts';
import { ERROR_CODES } from '../shared/error-codes.ts';
import type { Conduct } from '../shared/flight/lease.ts';
import type { FlightJob } from '../shared/queue/flight-job.ts';
import type { HeldLease } from './hold-lease.ts';
import { newWarehouseJob } from './new-warehouse-job.ts';
import type { QueryOutcome } from './thread/task.ts';
import type { WorkerContext } from './worker-context.ts';

/** A retry that leaves less than this, or less than this share of the query's time, is not begun. */
const LEAST_RETRY_MS = 3_000;
const LEAST_RETRY_SHARE = 1 / 5;

/** A query's outcome, and what the flight has shown of itself meanwhile. */
export interface QueryRun {
  readonly outcome: QueryOutcome;
  readonly conduct: Conduct;
}

/**
 * Runs a flight's query in a thread. Under a warehouse job that can give no result any more it is run once more under a
 * new one, and, if the budget for retries allows, once more after a failure of the warehouse; when its thread dies it is run once more by itself, so that it hurts no neighbours, at the same warehouse job.
 */
export async function runQuery(
  context: WorkerContext,
  query: Query,
  job: FlightJob,
  lease: HeldLease,
): Promise<QueryRun> {
  const { timeoutMs, harvestForMs } = query.policy;
  const signal = givenUp(context, query, lease);
  const endsAt = context.clock.now() + timeoutMs + harvestForMs;
  const runOnce = (warehouseJobId: string, alone: boolean) =>
    throughBreaker(context, signal, () => {
      const { fingerprint, parameters } = job;
      const budgetMs = endsAt - context.clock.now();
      const epochMs = epochOf(context.clock);
      const task = {
        fingerprint,
        query: query.name,
        parameters,
        warmed: job.warming,
        warehouseJobId,
        budgetMs,
        epochMs,
      };
      return context.threads.run(task, signal, { alone });
    });

  let { jobId } = lease.found;
  let alone = lease.found.tries > 1;
  let outcome = await runOnce(jobId, alone);
  const runAnew = async () => {
    const second = newWarehouseJob(query, job);
    await context.leases.replaceWarehouseJob([job.fingerprint], second);
    jobId = second.jobId;
    return runOnce(jobId, alone);
  };
  if (!outcome.ok && outcome.job === 'dead') outcome = await runAnew();
  if (mayBeRetried(context, query, outcome, signal, endsAt))
    outcome = isSettled(outcome) ? await runAnew() : await runOnce(jobId, alone);
  if (hasDied(outcome) && !alone && !signal.aborted) {
    alone = true;
    outcome = await runOnce(jobId, alone);
  }
  // Left to another worker, who will never hear of it when nobody asks for it again.
  if (context.closing.aborted && !lease.isWanted && isLeft(outcome) && !lease.lost.aborted)
    await context.threads.cancel(jobId);
  return { outcome, conduct: conductOf(outcome, alone, signal) };
}

/** Aborts when a flight ends before its result: its lease is lost, the process closes, or nobody wants it and it does not harvest. */
export function givenUp(
  { closing }: Pick<WorkerContext, 'closing'>,
  { policy }: Query,
  { lost, unwanted }: HeldLease,
): AbortSignal {
  return AbortSignal.any([lost, closing, ...(policy.harvestForMs > 0 ? [] : [unwanted])]);
}

/** Once, and within the budget of all flights; a job that may still run is not paid again but attached to. */
function mayBeRetried(
  { retries, clock }: WorkerContext,
  query: Query,
  outcome: QueryOutcome,
  signal: AbortSignal,
  endsAt: number,
): boolean {
  retries.earn();
  if (outcome.ok || outcome.code !== 'warehouse-failed' || signal.aborted) return false;
  return isTimeForAnother(query, endsAt - clock.now()) && retries.spend();
}

/** Whether another job is worth beginning with so much time left. */
export function isTimeForAnother({ policy }: Query, leftMs: number): boolean {
  return leftMs >= Math.min(LEAST_RETRY_MS, policy.timeoutMs * LEAST_RETRY_SHARE);
}

function isSettled(outcome: QueryOutcome): boolean {
  return outcome.ok || outcome.job === 'settled';
}

function hasDied(outcome: QueryOutcome): boolean {
  return !outcome.ok && outcome.died === true;
}

function isLeft(outcome: QueryOutcome): boolean {
  return !outcome.ok && outcome.job === 'running';
}

/** What a flight has shown of itself that had its thread for itself, or shared it. */
export function conductOf(
  outcome: QueryOutcome,
  alone: boolean,
  { aborted }: AbortSignal,
): Conduct {
  if (hasDied(outcome)) return alone ? 'guilty' : 'given-back';
  return aborted && !outcome.ok ? 'given-back' : 'proven';
}

/** Runs something through the warehouse's breaker; what was given up, or is no fault of the warehouse, does not count. */
export async function throughBreaker(
  { warehouseBreaker }: Pick<WorkerContext, 'warehouseBreaker'>,
  signal: AbortSignal,
  run: () => Promise<QueryOutcome>,
): Promise<QueryOutcome> {
  const admitted = await warehouseBreaker.admit();
  // Nothing was run, and an earlier flight's job may still be: its id has to be remembered.
  if (!admitted.admitted)
    return {
      ok: false,
      code: 'breaker-open',
      detail: 'the warehouse keeps failing',
      job: 'running',
    };
  let counted: Outcome = 'ignored';
  try {
    const outcome = await run();
    if (outcome.ok) counted = 'success';
    else if (!signal.aborted && ERROR_CODES[outcome.code].fault === 'warehouse')
      counted = 'failure';
    return outcome;
  } finally {
    admitted.report(counted);
  }
}
