import { bounded } from '../../shared/bounded.ts';
import type { Found } from '../../shared/entry/entry-store.ts';
import type { Code } from '../../shared/error-codes.ts';
import type { Landing } from '../../shared/flight/landing.ts';
import { flightJobFor, type Wanted } from '../../shared/queue/flight-job-for.ts';
import type { FlightJob } from '../../shared/queue/flight-job.ts';
import { type FlightEnd, runFlight } from '../run-flight.ts';
import type { WorkerContext } from '../worker-context.ts';
import type { RunInHand } from './warming-context.ts';

/** What a flight of a run came to; a failed one has the code that it failed with, where that can be read. */
export interface SetFlown {
  readonly end: FlightEnd;
  readonly code?: Code;
}

/** Longest wait for the cache role; a chunk of entries may be large. */
const READ_MS = 3_000;
const LOOK_MS = 500;

/** Flies one set for nobody in particular, until the run's end at most; `newerThan` is the instant of the entry that stands there, or 0. Never rejects. */
export async function flySet(
  worker: WorkerContext,
  wanted: Wanted,
  newerThan: number,
  { id, plan }: RunInHand,
): Promise<SetFlown> {
  const about = { requestId: `warming ${id}`, newerThan, now: worker.clock.now() };
  const job: FlightJob = {
    ...flightJobFor(wanted, about),
    class: 'warm',
    // It may have to wait for a place, and nobody waits for it.
    deadline: plan.endsAt,
    warming: true,
  };
  // Where somebody has lately stopped waiting, a flight without a wish would be cancelled in his name.
  await wish(worker, job, plan.endsAt);
  const startedMs = performance.now();
  const end = await runFlight(worker, job).catch((error: unknown) => {
    worker.events.flightCrashed(job.requestId, error);
    return 'failed' as const;
  });
  worker.events.flightEnded(job, end, performance.now() - startedMs);
  const landing = await wish(worker, job, 0);
  return end === 'failed' && landing?.outcome === 'failed' ? { end, code: landing.code } : { end };
}

/** Says until when the run wants a flight, 0 for no more, and looks how the last one has landed. Best effort. */
async function wish(
  { landings, clock, events }: WorkerContext,
  { fingerprint, requestId }: FlightJob,
  until: number,
): Promise<Landing | undefined> {
  const looking = landings.look(fingerprint, { watcher: requestId, until, now: clock.now() });
  try {
    return (await bounded(looking, LOOK_MS, 'a wish for a flight')).landing;
  } catch (error) {
    events.redisError('queue', error);
    return undefined;
  }
}

/** The entries of some sets, in their order and in one round trip; undefined when the store is away. */
export async function readStanding(
  { entries, cacheBreaker, events }: WorkerContext,
  wanted: readonly Wanted[],
): Promise<readonly Found[] | undefined> {
  const fingerprints = wanted.map(({ fingerprint }) => fingerprint);
  const read = () => bounded(entries.readMany(fingerprints), READ_MS, 'the cache role');
  try {
    const reading = await cacheBreaker.guard(read);
    return reading.open ? undefined : reading.value;
  } catch (error) {
    events.redisError('cache', error);
    return undefined;
  }
}
