import pTimeout from 'p-timeout';
import type { Clock } from '../../shared/clock.ts';
import type { Entry } from '../../shared/entry/entry.ts';
import type { EntryStore } from '../../shared/entry/entry-store.ts';
import type { Code } from '../../shared/error-codes.ts';
import type { Landing } from '../../shared/flight/landing.ts';
import type { Landings, Sight } from '../../shared/flight/landings.ts';
import type { FlightJob } from '../../shared/queue/flight-job.ts';

/** How a watch ends for all who wait on it. */
export type WatchEnd =
  | { readonly kind: 'landed'; readonly entry: Entry; readonly joined: boolean }
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
  /** Starts a flight that nobody waits for; never rejects. */
  readonly startUnlessFailing: (job: FlightJob) => Promise<void>;
}

/** Waits for one fingerprint's flight on behalf of everybody in this process who wants it. */
export interface Watch {
  readonly end: Promise<WatchEnd>;
  /** Counts a waiter in; the returned function counts him out, and the last one out ends the watch. */
  enter(): () => void;
  /** A hint that it is time to look. */
  hear(landing: Landing): void;
}

const FIRST_POLL_MS = 250;
const SLOWEST_POLL_MS = 1_000;
/** A flight that is neither in the air nor landed for this long has got lost, and is put before the workers again. */
const LOST_MS = 1_500;

/** Begins a watch, and with it the flight unless it is in the air already. */
export function createWatch(parts: WatchParts, job: FlightJob, onEnd: () => void): Watch {
  const bell = createBell();
  const crowd = { waiters: 0 };
  return {
    end: watchFlight(parts, job, bell, crowd).finally(onEnd),
    enter() {
      crowd.waiters++;
      return () => {
        crowd.waiters--;
        if (crowd.waiters === 0) bell.ring();
      };
    },
    hear: (landing) => bell.ring(landing),
  };
}

/**
 * Starts the flight, then looks at every hint and, since hints get lost, at growing intervals, until an entry newer than
 * the job asks for stands there, the flight has failed, or nobody waits.
 */
async function watchFlight(
  parts: WatchParts,
  job: FlightJob,
  bell: Bell,
  crowd: { readonly waiters: number },
): Promise<WatchEnd> {
  // Sent in one go, and answered in this order: a flight of another class that is in the air already makes ours end at once.
  const looking = look(parts, job);
  const failure = await parts.start(job).then(() => undefined, String);
  const before = await looking;
  const joined = before?.airborne === true;
  if (failure !== undefined && !joined) return { kind: 'store-down', detail: failure };

  let startedMs = performance.now();
  for (let pollMs = FIRST_POLL_MS; ; pollMs = Math.min(pollMs * 2, SLOWEST_POLL_MS)) {
    const heard = await bell.wait(pollMs);
    if (crowd.waiters === 0) return { kind: 'store-down', detail: 'nobody waits any more' };
    const entry = await newerEntry(parts, job);
    if (entry) return { kind: 'landed', entry, joined };
    const seen = await look(parts, job);
    const landing = [heard, seen?.landing].find((one) => one && one.id !== before?.landing?.id);
    if (landing?.outcome === 'failed') return failedWith(landing);
    if (!seen || seen.airborne || performance.now() - startedMs < LOST_MS) continue;
    startedMs = performance.now();
    await parts.start(job).catch(() => {});
  }
}

/** Wakes whoever waits for it, and the next one too when nobody did. */
interface Bell {
  ring(landing?: Landing): void;
  /** Resolves at the next ring, or after so long, with the last landing that was rung for. */
  wait(atMostMs: number): Promise<Landing | undefined>;
}

function createBell(): Bell {
  let heard: Landing | undefined;
  let rung = Promise.withResolvers<void>();
  return {
    ring(landing) {
      heard = landing ?? heard;
      rung.resolve();
    },
    async wait(atMostMs) {
      await pTimeout(rung.promise, { milliseconds: atMostMs, fallback: () => undefined });
      rung = Promise.withResolvers();
      return heard;
    },
  };
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
