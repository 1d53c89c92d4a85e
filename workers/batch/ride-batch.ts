import type { Query } from '../../shared/catalog/catalog.ts';
import type { FlightJob } from '../../shared/queue/flight-job.ts';
import type { HeldLease } from '../hold-lease.ts';
import { conductOf, givenUp, type QueryRun } from '../run-query.ts';
import type { WorkerContext } from '../worker-context.ts';

/**
 * Runs the query of a flight together with those of others. A flight under which somebody has died has its job and its
 * thread for itself; one whose warehouse job was begun by another goes on with that job.
 */
export async function rideBatch(
  context: WorkerContext,
  query: Query,
  job: FlightJob,
  lease: HeldLease,
  ownJobId: string,
): Promise<QueryRun> {
  const signal = givenUp(context, query, lease);
  const { jobId, tries } = lease.found;
  const alone = tries > 1;
  const takenOver = jobId === ownJobId ? undefined : jobId;
  const seat = { query, job, signal, takenOver, alone };
  const { outcome, wasAlone } = await context.batches.ride(seat);
  return { outcome, conduct: conductOf(outcome, wasAlone, signal) };
}
