import type { Query } from '../../shared/catalog/catalog.ts';
import { epochOf } from '../../shared/clock.ts';
import type { Code } from '../../shared/error-codes.ts';
import type { FlightResult } from '../limit/adaptive-limit.ts';
import { resultOf } from '../limit/result-of.ts';
import { newWarehouseJob } from '../new-warehouse-job.ts';
import { isTimeForAnother, throughBreaker } from '../run-query.ts';
import type { MemberOutcome, QueryFailure, QueryOutcome, QuerySuccess } from '../thread/task.ts';
import type { WorkerContext } from '../worker-context.ts';
import { allGone, type Rider } from './rider.ts';

/** What batches are flown with. */
export type BatchParts = Pick<
  WorkerContext,
  | 'bulkheads'
  | 'clock'
  | 'closing'
  | 'events'
  | 'leases'
  | 'retries'
  | 'threads'
  | 'warehouseBreaker'
>;

/** The jobs that have come of one gathering: they share its time, and how often it may be split. */
export interface Family {
  /** Milliseconds since the epoch; its time begins when its first job has a place in the bulkhead. */
  endsAt: number;
  splitsLeft: number;
}

/** How a batch is flown. */
export interface BatchFlight {
  readonly takenOver: string | undefined;
  readonly alone: boolean;
  readonly family: Family;
}

/** Two keys of 500 that fail by themselves are found with 34 jobs; a statement that fails for every key is not tried for each. */
const MOST_SPLITS = 17;
/** What may be one member's doing, and not the warehouse's or everybody's. */
const MAY_BE_ONES: ReadonlySet<Code> = new Set(['query-failed', 'bad-result', 'result-too-large']);

/** The family of riders who depart together. */
export function newFamily(): Family {
  return { endsAt: Number.POSITIVE_INFINITY, splitsLeft: MOST_SPLITS };
}

function beginTime(family: Family, { policy }: Query, now: number): void {
  family.endsAt = Math.min(family.endsAt, now + policy.timeoutMs + policy.harvestForMs);
}

/**
 * Flies riders of one group in one warehouse job and settles each of them. When the job fails, and it may be one member's
 * doing, each half is flown by itself, so that nobody fails for another; when a thread dies under it, alone. Never rejects.
 */
export async function flyBatch(
  parts: BatchParts,
  all: readonly Rider[],
  flight: BatchFlight,
): Promise<void> {
  const riders = all.filter(({ isSettled }) => !isSettled);
  const { outcome, jobId } = await flyWithPlace(parts, riders, flight).catch(crashed);
  if (outcome.ok) {
    for (const [index, rider] of riders.entries()) rider.settle(ownOutcome(outcome, index), false);
    return;
  }
  const hasDied = outcome.died === true;
  const hasTime = hasTimeForAnother(parts, riders, flight);
  if (riders.length === 1 && hasDied && !flight.alone && hasTime) {
    await flyBatch(parts, riders, { ...flight, takenOver: jobId, alone: true });
  } else if (riders.length > 1 && hasTime && maySplit(outcome, flight.family)) {
    flight.family.splitsLeft -= 1;
    parts.events.batchSplit(riders[0]?.query.name ?? '', riders.length, outcome.detail);
    const half = Math.ceil(riders.length / 2);
    const next = { ...flight, takenOver: undefined, alone: hasDied };
    const halves = [riders.slice(0, half), riders.slice(half)];
    await Promise.all(halves.map((some) => flyBatch(parts, some, next)));
  } else {
    const wasAlone = flight.alone && riders.length === 1;
    for (const rider of riders) rider.settle(outcome, wasAlone);
  }
}

/** An outcome, and under which warehouse job it was come to, if one was begun. */
interface Flown {
  readonly outcome: QueryOutcome;
  readonly jobId?: string;
}

function crashed(error: unknown): Flown {
  return { outcome: { ok: false, code: 'internal', detail: String(error), job: 'running' } };
}

async function flyWithPlace(
  parts: BatchParts,
  riders: readonly Rider[],
  flight: BatchFlight,
): Promise<Flown> {
  const [first] = riders;
  if (!first) return { outcome: NOBODY };
  using lastWord = allGone(riders);
  const stop = lastWord.signal;
  const waiting = AbortSignal.any([stop, parts.closing]);
  const place = await parts.bulkheads.enter(first.job.class, waiting).catch(() => undefined);
  if (!place) return { outcome: notBegun(NOBODY, flight) };
  const startedAt = parts.clock.now();
  beginTime(flight.family, first.query, startedAt);
  let result: FlightResult['outcome'] = 'ignored';
  try {
    const flown = await flyWithRetry(parts, riders, flight, stop);
    const { outcome } = flown;
    result = stop.aborted && !outcome.ok ? 'ignored' : resultOf(outcome);
    if (outcome.ok) parts.events.batchFlown(first.query.name, riders.length);
    return flown;
  } finally {
    const tookMs = parts.clock.now() - startedAt;
    place.leave({ query: first.query.name, tookMs, outcome: result });
  }
}

/** Once more under a new job when the one that was found can give nothing any more, and, within the budget of all flights, after a failure of the warehouse. */
async function flyWithRetry(
  parts: BatchParts,
  riders: readonly Rider[],
  flight: BatchFlight,
  stop: AbortSignal,
): Promise<Flown> {
  parts.retries.earn();
  const flown = await flyOnce(parts, riders, flight, stop);
  const { outcome } = flown;
  if (outcome.ok || stop.aborted) return flown;
  const anew = { ...flight, takenOver: undefined };
  if (outcome.job === 'dead') return flyOnce(parts, riders, anew, stop);
  const hasTime = hasTimeForAnother(parts, riders, flight);
  const mayBeAgain = outcome.job === 'settled' && outcome.code === 'warehouse-failed';
  return mayBeAgain && hasTime && parts.retries.spend()
    ? flyOnce(parts, riders, anew, stop)
    : flown;
}

function hasTimeForAnother(
  { clock }: BatchParts,
  [first]: readonly Rider[],
  { family }: BatchFlight,
): boolean {
  return first !== undefined && isTimeForAnother(first.query, family.endsAt - clock.now());
}

async function flyOnce(
  parts: BatchParts,
  riders: readonly Rider[],
  { takenOver, alone, family }: BatchFlight,
  stop: AbortSignal,
): Promise<Flown> {
  const [first] = riders;
  if (!first) return { outcome: NOBODY };
  // The half of a batch may have waited for its place for as long as its family had.
  const budgetMs = family.endsAt - parts.clock.now();
  if (budgetMs <= 0) return { outcome: notBegun(TOO_LATE, { takenOver }) };
  const { query } = first;
  const own = newWarehouseJob(query, first.job);
  // Before the job is inserted: whoever takes one of these flights up after a crash finds the batch's job.
  if (takenOver === undefined)
    await parts.leases.replaceWarehouseJob(
      riders.map(({ job }) => job.fingerprint),
      own,
    );
  const jobId = takenOver ?? own.jobId;
  const task = {
    query: query.name,
    members: riders.map(({ job: { fingerprint, parameters, warming } }) => ({
      fingerprint,
      parameters,
      warmed: warming,
    })),
    warehouseJobId: jobId,
    budgetMs,
    epochMs: epochOf(parts.clock),
  };
  const run = () => parts.threads.run(task, stop, { alone });
  return { outcome: await throughBreaker(parts, stop, run), jobId };
}

const NOBODY: QueryFailure = {
  ok: false,
  code: 'timeout',
  detail: 'nobody wants it any more',
  job: 'running',
};
const TOO_LATE: QueryFailure = { ...NOBODY, detail: 'no time was left when there was a place' };

/** What has no warehouse job has none to cancel; one that was taken over may still run. */
function notBegun(why: QueryFailure, { takenOver }: Pick<BatchFlight, 'takenOver'>): QueryFailure {
  return takenOver === undefined ? { ...why, job: 'settled' } : why;
}

/** A member's part of what the batch has brought; its bytes are a view of the batch's. */
function ownOutcome({ members = [], bytes, ...facts }: QuerySuccess, index: number): QueryOutcome {
  const own: MemberOutcome | undefined = members[index];
  if (own?.ok) return { ...facts, bytes: bytes.subarray(own.from, own.to) };
  const { code, detail } = own ?? { code: 'internal', detail: 'the batch says nothing of it' };
  return { ok: false, code, detail, job: 'settled' };
}

function maySplit({ code, died, job }: QueryFailure, { splitsLeft }: Family): boolean {
  if (splitsLeft === 0) return false;
  return died === true || (job === 'settled' && MAY_BE_ONES.has(code));
}
