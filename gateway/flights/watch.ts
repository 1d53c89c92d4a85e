import type { Clock } from '../../shared/clock.ts';
import type { Entry } from '../../shared/entry/entry.ts';
import type { EntryStore } from '../../shared/entry/entry-store.ts';
import type { Code } from '../../shared/error-codes.ts';
import type { FlightTimes, Landing, StoredLanding } from '../../shared/flight/landing.ts';
import type { Landings, Sight } from '../../shared/flight/landings.ts';
import type { FlightJob } from '../../shared/queue/flight-job.ts';
import type { Bell } from './bell.ts';

/** How a watch ends for all who wait on it; instants are milliseconds since the epoch. */
export type WatchEnd =
  | {
      readonly kind: 'landed';
      readonly entry: Entry;
      readonly joined: boolean;
      /** What was heard of how long it took, if anything was by then. */
      readonly times?: FlightTimes | undefined;
    }
  /** Nobody wants it any more: time was up for the last, or he has left. `flownMs` is how long it has been in the air by then. */
  | { readonly kind: 'unwanted'; readonly startedAt: number; readonly flownMs: number }
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
  /** Reads the bytes of an entry that came with its landing; undefined when they are none. */
  readonly open: (bytes: Buffer, fingerprint: string) => Promise<Entry | undefined>;
  readonly clock: Clock;
  /** Puts the flight before the workers; rejects when the queue is away. */
  readonly start: (job: FlightJob) => Promise<void>;
  /** The same for one that seems to have got lost, `losses` being how often that was in the air. */
  readonly startAgain: (job: FlightJob, losses: number) => Promise<void>;
}

/** The wish that a watch lives by, and what wakes it. */
export interface WatchedFor {
  readonly bell: Bell;
  /** Until when anybody in this process wants the flight; 0 when nobody does. */
  readonly wantedUntil: () => number;
}

const FIRST_POLL_MS = 250;
const SLOWEST_POLL_MS = 1_000;
/** A flight that is neither in the air nor landed for this long has got lost, and is put before the workers again. */
const LOST_MS = 1_500;

/**
 * Starts a flight, then looks at every hint and, since hints get lost, at growing intervals, until an entry newer than the
 * job asks for stands there, the flight has failed, or nobody here wants it any more. Every look tells the workers until
 * when it is wanted, so a flight that nobody waits for is cancelled, and one that is joined late is not.
 */
export async function watchFlight(
  parts: WatchParts,
  job: FlightJob,
  { bell, wantedUntil }: WatchedFor,
): Promise<WatchEnd> {
  const watcher = crypto.randomUUID();
  let toldUntil = 0;
  const look = () => {
    toldUntil = wantedUntil();
    return lookAt(parts, job, watcher, toldUntil);
  };
  const startedAt = parts.clock.now();
  // Sent in one go, and answered in this order: a flight of another class that is in the air already makes ours end at once.
  const looking = look();
  const failure = await parts.start(job).then(() => undefined, String);
  const before = await looking;
  const joined = before?.airborne === true;
  if (failure !== undefined && !joined) return leave({ kind: 'store-down', detail: failure });

  let flownSince = joined ? startedAt : undefined;
  let isAirborne = joined;
  let losses = 0;
  let addedAt = startedAt;
  let seenId = before?.landing?.id;
  let hasPassedOver = false;
  for (let pollMs = FIRST_POLL_MS; ; pollMs = Math.min(pollMs * 2, SLOWEST_POLL_MS)) {
    // Whoever joins while a look is on its way may not be told of yet: the next look is due when what was told ends.
    const dueAt = Math.min(toldUntil, wantedUntil());
    const heard = await bell.wait(Math.min(pollMs, untilEnd(parts, dueAt)));
    const entry = (await announcedEntry(parts, job, heard)) ?? (await storedEntry(parts, job));
    if (entry) return leave({ kind: 'landed', entry, joined, times: storedLanding(heard) });
    const seen = await look();
    if (seen?.airborne) flownSince ??= parts.clock.now();
    // It was in the air, is there no more, and has not landed: whoever flew it has died.
    if (seen && isAirborne && !seen.airborne) losses += 1;
    isAirborne = seen?.airborne ?? isAirborne;
    // What stands there is never older than what was heard before: hints may come late.
    const landing = seen ? seen.landing : heard;
    if (landing?.outcome === 'failed' && landing.id !== before?.landing?.id)
      return leave(failedWith(landing));
    // It had landed before we came, or before the entry was read, which is too old for us: that was another's flight, for whose
    // job the queue may have taken ours, and the next need not wait. Once: should clocks differ, flights must not follow one
    // another at their own pace.
    const isKnown = landing?.id === heard?.id || landing?.id === seenId;
    const now = parts.clock.now();
    // Looks that a bell brought about may come before any worker can have taken ours.
    const hasHadTime = seen?.airborne === false && now - addedAt >= FIRST_POLL_MS / 2;
    const isPast = hasHadTime && isOfBefore(landing, before);
    if (!hasPassedOver && (isPast || (isKnown && isNewStored(landing, before)))) {
      hasPassedOver = true;
      addedAt = 0;
      pollMs = FIRST_POLL_MS / 2;
    }
    seenId = landing?.id;
    const flownMs = now - (flownSince ?? now);
    if (now >= wantedUntil()) return leave({ kind: 'unwanted', startedAt, flownMs });
    if (!seen || seen.airborne || now - addedAt < LOST_MS) continue;
    addedAt = now;
    await parts.startAgain({ ...job, deadline: wantedUntil() }, losses).catch(() => {});
  }

  function leave(end: WatchEnd): WatchEnd {
    void lookAt(parts, job, watcher, 0);
    return end;
  }
}

function isOfBefore(landing: Landing | undefined, before: Sight | undefined): boolean {
  return landing !== undefined && landing.id === before?.landing?.id;
}

function isNewStored(landing: Landing | undefined, before: Sight | undefined): boolean {
  return landing?.outcome === 'stored' && !isOfBefore(landing, before);
}

/** Never longer than the flight is wanted: whoever waits on it has to hear at his time that there is nothing. */
function untilEnd({ clock }: WatchParts, dueAt: number): number {
  return Math.max(1, dueAt - clock.now());
}

function lookAt(
  { landings, clock }: WatchParts,
  { fingerprint }: FlightJob,
  watcher: string,
  until: number,
): Promise<Sight | undefined> {
  const want = { watcher, until, now: clock.now() };
  return landings.look(fingerprint, want).catch(() => undefined);
}

async function announcedEntry(
  { open }: WatchParts,
  { fingerprint, newerThan }: FlightJob,
  heard: Landing | undefined,
): Promise<Entry | undefined> {
  const text = storedLanding(heard)?.entry;
  const entry = text && (await open(Buffer.from(text, 'base64'), fingerprint));
  return entry && entry.asOf > newerThan ? entry : undefined;
}

async function storedEntry(
  { entries }: WatchParts,
  { fingerprint, newerThan }: FlightJob,
): Promise<Entry | undefined> {
  const [found] = await entries.readMany([fingerprint]).catch(() => []);
  return found?.kind === 'entry' && found.entry.asOf > newerThan ? found.entry : undefined;
}

function storedLanding(heard: Landing | undefined): StoredLanding | undefined {
  return heard?.outcome === 'stored' ? heard : undefined;
}

function failedWith({ code, detail, startedAt }: Landing & { outcome: 'failed' }): WatchEnd {
  return { kind: 'failed', code, detail, startedAt };
}
