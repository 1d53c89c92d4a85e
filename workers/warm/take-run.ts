import { setTimeout as pause } from 'node:timers/promises';
import type { Job } from 'bullmq';
import type { Query } from '../../shared/catalog/catalog.ts';
import { LEASE_MS } from '../../shared/flight/lease.ts';
import type { WarmRun, WarmState } from '../../shared/warm/warm-runs.ts';
import { warmingJobSchema } from '../../shared/warm/warming-queue.ts';
import { type HeldLease, holdLease } from '../hold-lease.ts';
import { runWarming } from './run-warming.ts';
import type { WarmingContext } from './warming-context.ts';
import { isPutOff, jitterMs, planRun } from './warming-plan.ts';

/**
 * What a job of the warming queue came to: how its run ended, or why there was none. `foreign` to the catalogs of all who have
 * looked at it, `underway` in another worker, `put-off` after mishaps, or `handed-on` to another worker, because this one
 * ends or its catalog lacks the query.
 */
export type RunEnd = WarmState | 'foreign' | 'underway' | 'put-off' | 'handed-on';

/** What is taken of a job of the warming queue. */
export type RunJob = Pick<
  Job,
  'id' | 'data' | 'attemptsStarted' | 'removeDeduplicationKey' | 'updateData' | 'updateProgress'
>;

/** During a deployment there are workers with another catalog: so often a job is looked at before it is nobody's. */
const MOST_LOOKS = 20;
const TRY_EVERY_MS = 500;
/** Longer than the lease of a worker that was killed stands. */
const SCHEDULED_WAIT_MS = LEASE_MS + 2_000;
/** A person who wants a run has it as soon as the one that goes on is over. */
const PERSON_WAIT_MS = 15 * 60_000;

/** Runs a job of the warming queue, at most one of a query at a time in the whole fleet. */
export async function takeRun(
  context: WarmingContext,
  job: RunJob,
  stopping: AbortSignal,
): Promise<RunEnd> {
  const { worker } = context;
  const { events } = worker;
  const asked = warmingJobSchema.parse(job.data);
  const query = worker.catalog.queries.get(asked.query);
  if (!query?.warm) {
    if (job.attemptsStarted < MOST_LOOKS) return 'handed-on';
    context.events.runForeign(asked.query);
    return 'foreign';
  }
  const { everyMs } = query.warm;
  const isScheduled = asked.by === 'schedule';
  if (isScheduled && asked.startedAt === undefined) {
    if (isPutOff(await lastRun(context, query), everyMs, worker.clock.now())) return 'put-off';
    await pause(jitterMs(query.name, everyMs), undefined, { signal: stopping }).catch(() => {});
  }
  if (stopping.aborted) return 'handed-on';
  await using held = await holdRun(context, query, isScheduled, stopping);
  if (!held) return stopping.aborted ? 'handed-on' : 'underway';
  // Who asks from now on wants what comes after this run.
  await job.removeDeduplicationKey().catch((error: unknown) => events.redisError('queue', error));
  const last = await lastRun(context, query);
  const startedAt = asked.startedAt ?? worker.clock.now();
  if (asked.startedAt === undefined) await job.updateData({ ...asked, startedAt });
  const run = await runWarming(context, query, {
    id: job.id ?? '',
    plan: planRun(everyMs, startedAt, last?.tookMs),
    mishaps: last?.mishaps ?? 0,
    signal: AbortSignal.any([stopping, held.lease.lost]),
    onProgress(counts) {
      job.updateProgress({ ...counts }).catch((error) => events.redisError('queue', error));
    },
  });
  if (run) return run.state;
  return stopping.aborted ? 'handed-on' : 'underway';
}

/** Undefined when it cannot be read: then the run is planned as if it were the first. */
async function lastRun(
  { worker, runs }: WarmingContext,
  { name }: Query,
): Promise<WarmRun | undefined> {
  return runs.read(name).catch((error: unknown) => {
    worker.events.redisError('queue', error);
    return undefined;
  });
}

interface HeldRun extends AsyncDisposable {
  readonly lease: HeldLease;
}

/** The right to warm a query; undefined when another worker has it for longer than is waited for. */
async function holdRun(
  { worker }: WarmingContext,
  { name }: Query,
  isScheduled: boolean,
  stopping: AbortSignal,
): Promise<HeldRun | undefined> {
  const untilMs = performance.now() + (isScheduled ? SCHEDULED_WAIT_MS : PERSON_WAIT_MS);
  // A lease is of a warehouse job; a run has none, and nobody looks for one under its name.
  const job = { jobId: 'none', lifetimeMs: LEASE_MS };
  while (!stopping.aborted && performance.now() < untilMs) {
    const holding = holdLease(worker, `warming:${name}`, job, Number.POSITIVE_INFINITY);
    const lease = await holding.catch((error: unknown) => {
      worker.events.redisError('queue', error);
      return undefined;
    });
    if (lease) return { lease, [Symbol.asyncDispose]: () => letGo(worker, lease) };
    await pause(TRY_EVERY_MS, undefined, { signal: stopping }).catch(() => {});
  }
  return undefined;
}

async function letGo({ events }: WarmingContext['worker'], lease: HeldLease): Promise<void> {
  await lease
    .letGo(true, 'given-back')
    .catch((error: unknown) => events.redisError('queue', error));
}
