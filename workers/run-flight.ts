import type { Query } from '../shared/catalog/catalog.ts';
import { freshness } from '../shared/entry/entry.ts';
import { type Code, ERROR_CODES } from '../shared/error-codes.ts';
import type { Landing } from '../shared/flight/landing.ts';
import type { ClaimedJob } from '../shared/flight/lease.ts';
import type { FlightJob } from '../shared/queue/flight-job.ts';
import { type HeldLease, holdLease } from './hold-lease.ts';
import type { QueryOutcome, QuerySuccess } from './thread/task.ts';
import type { WorkerContext } from './worker-context.ts';

/** Less budget than this is not worth a warehouse job. */
const LEAST_BUDGET_MS = 50;
/** How much longer than its flight a warehouse job id is remembered, for the worker that picks the flight up after a crash. */
const REMEMBER_JOB_MS = 60_000;

/**
 * How a flight ended, for logs and metrics: `landed` with a stored entry, `kept` because a newer one stood there, `found`
 * a fresh one and ran nothing, `joined` another worker's, `expired` in the queue, was `lost` with its lease or its process, or `failed`.
 */
export type FlightEnd = 'landed' | 'kept' | 'found' | 'joined' | 'expired' | 'lost' | 'failed';

/** Runs a flight from its job to its entry: at most one per fingerprint, whatever the queue delivers. */
export async function runFlight(context: WorkerContext, job: FlightJob): Promise<FlightEnd> {
  const startedAt = context.clock.now();
  const query = context.catalog.queries.get(job.query);
  if (query?.version !== job.version)
    return fail(
      context,
      job,
      startedAt,
      'query-failed',
      'this worker has another version of the query',
    );
  const budgetMs = flightBudgetMs(query, job, startedAt);
  if (budgetMs < LEAST_BUDGET_MS) return 'expired';

  const newJob = () => ({
    jobId: newWarehouseJobId(job),
    lifetimeMs: budgetMs + REMEMBER_JOB_MS,
  });
  const lease = await holdLease(context.leases, job.fingerprint, newJob());
  if (!lease) return 'joined';
  let settled = false;
  try {
    // Only now: before the lease was ours another flight could still have landed.
    if (await hasFreshEntry(context, query, job)) {
      settled = true;
      return await land(context, job, 'found');
    }
    const outcome = await runInThread(context, job, lease, budgetMs, newJob);
    settled = outcome.ok || outcome.job === 'settled';
    // A flight that this process gives up says nothing: its waiters start it again, and another worker takes it.
    if (lease.lost.aborted || (context.closing.aborted && !outcome.ok)) return 'lost';
    return outcome.ok
      ? await store(context, query, job, startedAt, outcome)
      : await fail(context, job, startedAt, outcome.code, outcome.detail);
  } finally {
    await lease.letGo(settled).catch((error: unknown) => context.events.leaseNotFreed(job, error));
  }
}

/** Milliseconds that a flight may take: until nobody waits, or on to its harvest. */
function flightBudgetMs(query: Query, job: FlightJob, now: number): number {
  const { timeoutMs, harvestForMs } = query.policy;
  const waitedForMs = Math.min(timeoutMs, job.deadline - now);
  return harvestForMs > 0 ? Math.max(timeoutMs, waitedForMs) + harvestForMs : waitedForMs;
}

async function hasFreshEntry(
  { entries, events, clock }: WorkerContext,
  query: Query,
  job: FlightJob,
): Promise<boolean> {
  // A cache that does not answer has nothing to say; the flight fills it when it is back.
  const [found] = await entries.readMany([job.fingerprint]).catch((error: unknown) => {
    events.redisError('cache', error);
    return [];
  });
  if (found?.kind !== 'entry' || found.entry.asOf <= job.newerThan) return false;
  return freshness(found.entry.asOf, query.policy, clock.now()) === 'fresh';
}

async function runInThread(
  context: WorkerContext,
  job: FlightJob,
  lease: HeldLease,
  budgetMs: number,
  newJob: () => ClaimedJob,
): Promise<QueryOutcome> {
  const signal = AbortSignal.any([lease.lost, context.closing]);
  const runAs = (warehouseJobId: string) =>
    guardedRun(context, { ...job, warehouseJobId, budgetMs }, signal);

  const outcome = await runAs(lease.warehouseJobId);
  if (outcome.ok || outcome.job !== 'dead') return outcome;
  const second = newJob();
  await context.leases.replaceWarehouseJob(job.fingerprint, second);
  return runAs(second.jobId);
}

async function guardedRun(
  context: WorkerContext,
  {
    fingerprint,
    query,
    parameters,
    warehouseJobId,
    budgetMs,
  }: FlightJob & { warehouseJobId: string; budgetMs: number },
  signal: AbortSignal,
): Promise<QueryOutcome> {
  const task = { fingerprint, query, parameters, warehouseJobId, budgetMs };
  const guarded = await context.warehouseBreaker.guard(
    () => context.threads.run(task, signal),
    (outcome) => !outcome.ok && ERROR_CODES[outcome.code].fault === 'warehouse' && !signal.aborted,
  );
  if (!guarded.open) return guarded.value;
  // Nothing was run, and an earlier flight's job may still be: its id has to be remembered.
  return { ok: false, code: 'breaker-open', detail: 'the warehouse keeps failing', job: 'running' };
}

/** Readable in the warehouse's own job list, and never used twice. */
function newWarehouseJobId({ query, fingerprint }: FlightJob): string {
  return `punctual_${query}_${fingerprint.slice(0, 12)}_${crypto.randomUUID()}`;
}

async function store(
  context: WorkerContext,
  query: Query,
  job: FlightJob,
  startedAt: number,
  { asOf, bytes }: QuerySuccess,
): Promise<FlightEnd> {
  const entry = { fingerprint: job.fingerprint, asOf, bytes };
  try {
    const stored = await context.entries.write(entry, query.policy.staleForMs);
    return await land(context, job, stored ? 'landed' : 'kept');
  } catch (error) {
    return fail(context, job, startedAt, 'store-down', String(error));
  }
}

async function land(
  context: WorkerContext,
  { fingerprint }: FlightJob,
  end: FlightEnd,
): Promise<FlightEnd> {
  await announce(context, { fingerprint, id: crypto.randomUUID(), outcome: 'stored' });
  return end;
}

async function fail(
  context: WorkerContext,
  job: FlightJob,
  startedAt: number,
  code: Code,
  detail: string,
): Promise<FlightEnd> {
  context.events.flightFailed(job, code, detail);
  const { fingerprint } = job;
  const id = crypto.randomUUID();
  await announce(context, { fingerprint, id, outcome: 'failed', code, detail, startedAt });
  return 'failed';
}

/** Best effort: who does not hear of a landing finds the entry by looking, or starts the flight again. */
async function announce({ landings, events }: WorkerContext, landing: Landing): Promise<void> {
  await landings.announce(landing).catch((error: unknown) => events.redisError('queue', error));
}
