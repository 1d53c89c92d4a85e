import type { Clock } from '../../shared/clock.ts';
import type { Entry } from '../../shared/entry/entry.ts';
import type { EntryStore } from '../../shared/entry/entry-store.ts';
import type { Code } from '../../shared/error-codes.ts';
import type { Landing } from '../../shared/flight/landing.ts';
import type { Landings, Sight } from '../../shared/flight/landings.ts';
import type { FlightJob } from '../../shared/queue/flight-job.ts';
import type { Bell } from './bell.ts';

/** How a watch ends for all who wait on it; instants are milliseconds since the epoch. */
export type WatchEnd =
  | { readonly kind: 'landed'; readonly entry: Entry; readonly joined: boolean }
  | { readonly kind: 'timeout'; readonly startedAt: number }
  | {
      readonly kind: 'failed';
      readonly code: Code;
      readonly detail: string;
      readonly startedAt: number;
    }
  | { readonly kind: 'store-down'; readonly detail: string };

/** What a watch looks at and acts through. */
export interface WatchParts {
  readonly entries: Pick<EntryStore, 'readMany'>;
  readonly landings: Pick<Landings, 'look'>;
  readonly clock: Clock;
  /** Puts the flight before the workers; rejects when the queue is away. */
  readonly start: (job: FlightJob) => Promise<void>;
}

const FIRST_POLL_MS = 250;
const SLOWEST_POLL_MS = 1_000;
/** A flight that is neither in the air nor landed for this long has got lost, and is put before the workers again. */
const LOST_MS = 1_500;

/**
 * Starts a flight, then looks at every hint and, since hints get lost, at growing intervals, until an entry newer than the
 * job asks for stands there, the flight has failed, or the job's deadline has passed. It watches on when nobody waits any
 * more: how the flight ends is what the breaker has to know.
 */
export async function watchFlight(
  parts: WatchParts,
  job: FlightJob,
  bell: Bell,
): Promise<WatchEnd> {
  const startedAt = parts.clock.now();
  // Sent in one go, and answered in this order: a flight of another class that is in the air already makes ours end at once.
  const looking = look(parts, job);
  const failure = await parts.start(job).then(() => undefined, String);
  const before = await looking;
  const joined = before?.airborne === true;
  if (failure !== undefined && !joined) return { kind: 'store-down', detail: failure };

  let addedMs = performance.now();
  for (let pollMs = FIRST_POLL_MS; ; pollMs = Math.min(pollMs * 2, SLOWEST_POLL_MS)) {
    const heard = await bell.wait(pollMs);
    const entry = await newerEntry(parts, job);
    if (entry) return { kind: 'landed', entry, joined };
    const seen = await look(parts, job);
    const landing = [heard, seen?.landing].find((one) => one && one.id !== before?.landing?.id);
    if (landing?.outcome === 'failed') return failedWith(landing);
    if (parts.clock.now() >= job.deadline) return { kind: 'timeout', startedAt };
    if (!seen || seen.airborne || performance.now() - addedMs < LOST_MS) continue;
    addedMs = performance.now();
    await parts.start(job).catch(() => {});
  }
}

function look({ landings }: WatchParts, { fingerprint }: FlightJob): Promise<Sight | undefined> {
  return landings.look(fingerprint).catch(() => undefined);
}

async function newerEntry({ entries }: WatchParts, job: FlightJob): Promise<Entry | undefined> {
  const [found] = await entries.readMany([job.fingerprint]).catch(() => []);
  return found?.kind === 'entry' && found.entry.asOf > job.newerThan ? found.entry : undefined;
}

function failedWith({ code, detail, startedAt }: Landing & { outcome: 'failed' }): WatchEnd {
  return { kind: 'failed', code, detail, startedAt };
}
