import { bounded } from '../shared/bounded.ts';
import type { Query } from '../shared/catalog/catalog.ts';
import { freshness } from '../shared/entry/entry.ts';
import { type Conduct, QUARANTINED_TRIES } from '../shared/flight/lease.ts';
import type { FlightJob } from '../shared/queue/flight-job.ts';
import { fail, land, store } from './end-flight.ts';
import { type HeldLease, holdLease } from './hold-lease.ts';
import type { FlightResult } from './limit/adaptive-limit.ts';
import { rideBatch } from './batch/ride-batch.ts';
import { resultOf } from './limit/result-of.ts';
import { newWarehouseJob } from './new-warehouse-job.ts';
import { runQuery } from './run-query.ts';
import type { QueryOutcome } from './thread/task.ts';
import type { WorkerContext } from './worker-context.ts';

/** A flight that is wanted for less than this is not worth a warehouse job. */
const LEAST_WANTED_MS = 50;
/** Longest wait for the cache role before a flight. */
const READ_MS = 1_000;

/**
 * How a flight ended, for logs and metrics: `landed` with a stored entry, `kept` because a newer one stood there, `found`
 * a fresh one and ran nothing, `joined` another worker's, `expired` in the queue, was `cancelled` because nobody wanted it
 * any more, was `lost` with its lease or its process, is `foreign` to this worker's catalog, is `switched` off, or `failed`.
 */
export type FlightEnd =
  | 'landed'
  | 'kept'
  | 'found'
  | 'joined'
  | 'expired'
  | 'cancelled'
  | 'lost'
  | 'foreign'
  | 'switched'
  | 'failed';

/** How a flight ended, what became of its warehouse job, what it has shown of itself, and what it says about the warehouse. */
interface Flown {
  readonly end: FlightEnd;
  readonly settled: boolean;
  readonly conduct: Conduct;
  readonly result?: FlightResult;
}

/** Runs a flight from its job to its entry: at most one per fingerprint, whatever the queue delivers. */
export async function runFlight(context: WorkerContext, job: FlightJob): Promise<FlightEnd> {
  const query = context.catalog.queries.get(job.query);
  // Its waiters put it before the workers again, and one with their version of the catalog takes it.
  if (query?.version !== job.version) return 'foreign';
  if (context.modeOf(query.name) !== 'normal') return 'switched';

  // Those of one batch need one place for all of them, and take it when they depart.
  if (query.batch) return (await flyWithLease(context, query, job))?.end ?? 'joined';
  const place = await context.bulkheads.enter(job.class, context.closing).catch(() => undefined);
  if (!place) return 'lost';
  let flown: Flown | undefined;
  try {
    flown = await flyWithLease(context, query, job);
    return flown?.end ?? 'joined';
  } finally {
    place.leave(flown?.result ?? { query: query.name, tookMs: 0, outcome: 'ignored' });
  }
}

async function flyWithLease(
  context: WorkerContext,
  query: Query,
  job: FlightJob,
): Promise<Flown | undefined> {
  const claimed = newWarehouseJob(query, job);
  // Sent together: where nothing has landed of late, what was read before the lease was ours is still true.
  const reading = standingOf(context, query, job);
  const lease = await holdLease(context, job.fingerprint, claimed, job.deadline);
  if (!lease) return undefined;
  let flown: Flown = { end: 'lost', settled: false, conduct: 'given-back' };
  try {
    flown = await fly(context, query, job, lease, claimed.jobId, reading);
    return flown;
  } finally {
    await lease
      .letGo(flown.settled, flown.conduct)
      .catch((error: unknown) => context.events.leaseNotFreed(job, error));
  }
}

async function fly(
  context: WorkerContext,
  query: Query,
  job: FlightJob,
  lease: HeldLease,
  ownJobId: string,
  reading: Promise<Standing>,
): Promise<Flown> {
  const startedAt = context.clock.now();
  const { found } = lease;
  if (found.tries >= QUARANTINED_TRIES) {
    await fail(context, job, startedAt, 'quarantined', 'two workers or threads died under it');
    return { end: 'failed', settled: false, conduct: 'resting' };
  }
  // What a dead worker began and nobody needs now, nobody else is left to stop.
  const cancelFound = async () =>
    found.jobId === ownJobId || (await context.threads.cancel(found.jobId));
  const wantedUntil = found.wantedUntil ?? job.deadline;
  if (query.policy.harvestForMs === 0 && wantedUntil - startedAt < LEAST_WANTED_MS) {
    return { end: 'expired', settled: await cancelFound(), conduct: 'given-back' };
  }
  // Before the lease was ours another flight could still have landed.
  switch (await (found.hasLanded ? standingOf(context, query, job) : reading)) {
    case 'fresh':
      await land(context, job);
      return { end: 'found', settled: await cancelFound(), conduct: 'given-back' };
    case 'unknown':
      // What cannot be read cannot be stored either, and would be paid for nothing.
      await fail(context, job, startedAt, 'store-down', 'the cache role cannot be read');
      return { end: 'failed', settled: false, conduct: 'given-back' };
    default:
  }
  const run = query.batch ? rideBatch : runQuery;
  const { outcome, conduct } = await run(context, query, job, lease, ownJobId);
  const tookMs = context.clock.now() - startedAt;
  const end = await endOf(context, query, job, lease, outcome, startedAt);
  const settled = outcome.ok || outcome.job === 'settled';
  const result = { query: query.name, tookMs, outcome: loadShown(outcome, end) };
  return { end, settled, conduct, result };
}

async function endOf(
  context: WorkerContext,
  query: Query,
  job: FlightJob,
  lease: HeldLease,
  outcome: QueryOutcome,
  startedAt: number,
): Promise<FlightEnd> {
  // A flight that this process gives up says nothing: its waiters start it again, and another worker takes it.
  if (lease.lost.aborted || (context.closing.aborted && !outcome.ok)) return 'lost';
  if (outcome.ok) return store(context, query, job, startedAt, outcome);
  if (lease.unwanted.aborted && query.policy.harvestForMs === 0) {
    if (outcome.job === 'running') context.events.jobNotCancelled(job, outcome.detail);
    return 'cancelled';
  }
  await fail(context, job, startedAt, outcome.code, outcome.detail);
  return 'failed';
}

/** Whether somebody else has brought what a flight is for; unknown when the store cannot say. */
type Standing = 'fresh' | 'missing' | 'unknown';

/** Never rejects. */
async function standingOf(
  { entries, cacheBreaker, events, clock }: WorkerContext,
  query: Query,
  job: FlightJob,
): Promise<Standing> {
  const read = () => bounded(entries.readMany([job.fingerprint]), READ_MS, 'the cache role');
  try {
    const reading = await cacheBreaker.guard(read);
    if (reading.open) return 'unknown';
    const [found] = reading.value;
    if (found?.kind !== 'entry' || found.entry.asOf <= job.newerThan) return 'missing';
    const standing = freshness(found.entry, query.policy, clock.now());
    return standing === 'fresh' ? 'fresh' : 'missing';
  } catch (error) {
    events.redisError('cache', error);
    return 'unknown';
  }
}

/** What the flight says about how much the warehouse can take. */
function loadShown(outcome: QueryOutcome, end: FlightEnd): FlightResult['outcome'] {
  return outcome.ok || end === 'failed' ? resultOf(outcome) : 'ignored';
}
