import type { Query } from '../../shared/catalog/catalog.ts';
import { canonical } from '../../shared/fingerprint.ts';
import type { FlightJob } from '../../shared/queue/flight-job.ts';
import { type BatchParts, flyBatch, newFamily } from './fly-batch.ts';
import { createGathering } from './gather.ts';
import { createRider, type Ridden, type Rider } from './rider.ts';

/** Flights of batched queries that come together and differ in their key alone, in one warehouse job. */
export interface Batches {
  /** Flies with others, or alone when nobody else comes. Never rejects. */
  ride(seat: Seat): Promise<Ridden>;
}

/** What a flight comes with. */
export interface Seat {
  readonly query: Query;
  readonly job: FlightJob;
  /** See {@link Rider.signal}. */
  readonly signal: AbortSignal;
  /** The warehouse job that an earlier flight has left: only those who were in it may go on with it. */
  readonly takenOver: string | undefined;
  /** Somebody has died under it: it shares its job and its thread with nobody. */
  readonly alone: boolean;
}

/** The batches of one worker process. */
export function createBatches(parts: BatchParts): Batches {
  const gathering = createGathering<{ rider: Rider; seat: Seat }>(async (seated) => {
    const [first] = seated;
    if (!first) return;
    const { takenOver, alone } = first.seat;
    const riders = seated.map(({ rider }) => rider);
    await flyBatch(parts, riders, { takenOver, alone, family: newFamily() });
  });
  return {
    ride(seat) {
      const { query, job, signal, alone } = seat;
      const rider = createRider(query, job, signal);
      const most = alone ? 1 : (query.batch?.most ?? 1);
      gathering.join(groupOf(seat), { rider, seat }, most);
      return rider.ridden;
    },
  };
}

/** Those of one group can be asked for by one job, and are in a hurry alike. */
function groupOf({ query, job, takenOver, alone }: Seat): string {
  const { [query.batch?.by ?? '']: _, ...common } = job.parameters;
  const own = alone ? job.fingerprint : '';
  const { version, scope } = job;
  const parts = [query.name, version, scope, job.class, takenOver ?? '', own, canonical(common)];
  return JSON.stringify(parts);
}
