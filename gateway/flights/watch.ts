import type { Clock } from '../../shared/clock.ts';
import type { Entry } from '../../shared/entry/entry.ts';
import type { EntryStore } from '../../shared/entry/entry-store.ts';
import type { Code } from '../../shared/error-codes.ts';
import type { Landing } from '../../shared/flight/landing.ts';
import type { Landings } from '../../shared/flight/landings.ts';
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

/**
 * Begins a watch: looks whether the flight is in the air and starts it if not, then looks again at every hint and, since
 * hints get lost, at growing intervals, until an entry newer than the job asks for stands there or the flight has failed.
 */
export function createWatch(parts: WatchParts, job: FlightJob, onEnd: () => void): Watch {
  let waiters = 0;
  let wake = () => {};
  let hinted = false;
  let heard: Landing | undefined;
  const end = (async () => {
    try {
      return await watch();
    } finally {
      onEnd();
    }
  })();

  async function watch(): Promise<WatchEnd> {
    // Sent in one go, and answered in this order: a flight of another class that is in the air already makes ours end at once.
    const looking = parts.landings.look(job.fingerprint).catch(() => undefined);
    const failure = await parts.start(job).then(() => undefined, String);
    const sight = await looking;
    const joined = sight?.airborne === true;
    if (failure !== undefined && !joined) return { kind: 'store-down', detail: failure };
    const lastLandingId = sight?.landing?.id;
    let startedMs = performance.now();
    for (let pollMs = FIRST_POLL_MS; ; pollMs = Math.min(pollMs * 2, SLOWEST_POLL_MS)) {
      await hintOr(pollMs);
      if (waiters === 0) return { kind: 'store-down', detail: 'nobody waits any more' };
      const entry = await newerEntry(parts, job);
      if (entry) return { kind: 'landed', entry, joined };
      const seen = await parts.landings.look(job.fingerprint).catch(() => undefined);
      const landing = [heard, seen?.landing].find((one) => one && one.id !== lastLandingId);
      if (landing?.outcome === 'failed') return failedWith(landing);
      if (!seen || seen.airborne || performance.now() - startedMs < LOST_MS) continue;
      startedMs = performance.now();
      await parts.start(job).catch(() => {});
    }
  }

  async function hintOr(pollMs: number): Promise<void> {
    if (!hinted) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pollMs);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    hinted = false;
  }

  return {
    end,
    enter() {
      waiters++;
      return () => {
        waiters--;
        if (waiters === 0) wake();
      };
    },
    hear(landing) {
      heard = landing;
      hinted = true;
      wake();
    },
  };
}

async function newerEntry({ entries }: WatchParts, job: FlightJob): Promise<Entry | undefined> {
  const [found] = await entries.readMany([job.fingerprint]).catch(() => []);
  return found?.kind === 'entry' && found.entry.asOf > job.newerThan ? found.entry : undefined;
}

function failedWith({ code, detail, startedAt }: Landing & { outcome: 'failed' }): WatchEnd {
  return { kind: 'failed', code, detail, startedAt };
}
