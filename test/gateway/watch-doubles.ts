import type { Admission, FlightsParts, Waiting } from '../../gateway/flights/flights.ts';
import { type Breaker, createBreaker } from '../../shared/breaker/breaker.ts';
import { decodeEntry } from '../../shared/entry/codec.ts';
import type { Entry } from '../../shared/entry/entry.ts';
import type { Want } from '../../shared/flight/landings.ts';
import type { Landing, StoredLanding } from '../../shared/flight/landing.ts';
import type { FlightJob } from '../../shared/queue/flight-job.ts';

/** Stores and a queue in memory, whose state a test sets by hand, and what was asked of them. */
export interface Sky {
  readonly parts: FlightsParts;
  /** The jobs that were put before the workers. */
  readonly started: readonly FlightJob[];
  /** The refreshes that could not be started. */
  readonly refused: readonly FlightJob[];
  /** The breaker of the query; closed until a test puts another in its place. */
  breaker: Breaker;
  /** How often anybody looked for the entry. */
  reads: number;
  entry: Entry | undefined;
  airborne: boolean;
  landing: Landing | undefined;
  failures: number;
  /** The last wish that was told, of any watch. */
  want: Want | undefined;
  /** Whether flights are taken on. */
  admission: Admission;
  /** How often the flight that was started last had got lost. */
  losses: number;
  isQueueDown: boolean;
  isCacheDown: boolean;
}

const LIMITS = {
  windowMs: 60_000,
  leastCalls: 2,
  errorPercent: 50,
  resetAfterMs: 60_000,
  probeMs: 1_000,
};
/** In the air for so long without a result, a flight counts as failed. */
const PATIENCE_MS = 400;

/** The fingerprint that every double here speaks of. */
export const fingerprint = 'a'.repeat(64);

/** An empty sky: nothing stored, nothing in the air. */
export function emptySky(): Sky {
  const started: FlightJob[] = [];
  const refused: FlightJob[] = [];
  const refuseIf = (isDown: boolean) => {
    if (isDown) throw new Error('connection is closed');
  };
  const start = async (job: FlightJob, losses = 0) => {
    refuseIf(sky.isQueueDown);
    sky.losses = losses;
    started.push(job);
  };
  const sky: Sky = {
    started,
    refused,
    breaker: createBreaker('q', LIMITS, { onChange: () => {} }),
    reads: 0,
    entry: undefined,
    airborne: false,
    landing: undefined,
    failures: 1,
    want: undefined,
    admission: { admit: true },
    losses: 0,
    isQueueDown: false,
    isCacheDown: false,
    parts: {
      entries: {
        readMany: async () => {
          sky.reads++;
          refuseIf(sky.isCacheDown);
          return [sky.entry ? { kind: 'entry', entry: sky.entry } : { kind: 'none' }];
        },
      },
      landings: {
        look: async (_fingerprint, want) => {
          refuseIf(sky.isQueueDown);
          sky.want = want ?? sky.want;
          return { airborne: sky.airborne, landing: sky.landing, failures: sky.failures };
        },
      },
      open: openEntry,
      clock: { now: () => Date.now() },
      start,
      startAgain: start,
      breakerFor: () => sky.breaker,
      patienceMs: () => PATIENCE_MS,
      judge: async () => sky.admission,
      refreshNotStarted: (job) => refused.push(job),
    },
  };
  return sky;
}

/** As a gateway opens what came with a landing. */
export async function openEntry(bytes: Buffer, of: string): Promise<Entry | undefined> {
  const decoded = await decodeEntry(bytes, of);
  return decoded.ok ? decoded.entry : undefined;
}

/** A job for {@link fingerprint} that wants an entry newer than this instant. */
export function jobFor(newerThan = 0, withinMs = 60_000): FlightJob {
  return {
    fingerprint,
    query: 'q',
    version: 'v',
    scope: 'public',
    parameters: {},
    class: 'live',
    deadline: Date.now() + withinMs,
    newerThan,
    requestId: 'r',
  };
}

/** Somebody who waits for so long and, unless it is a refresh, wants the flight for no longer. */
export function waitFor(waitMs: number, other: Partial<Waiting> = {}): Waiting {
  return { waitMs, isRefresh: false, gone: new AbortController().signal, ...other };
}

/** An entry as of an instant. */
export function entryAsOf(asOf: number): Entry {
  return { fingerprint, query: 'q', version: 'v', asOf, rowCount: 0, rows: Buffer.from('[]') };
}

/** A flight that ended with an entry. */
export function stored(id: string): Landing & StoredLanding {
  return { fingerprint, query: 'q', id, at: Date.now(), outcome: 'stored' };
}

/** A flight that took off at an instant and failed. */
export function failed(id: string, startedAt: number): Landing {
  return {
    fingerprint,
    query: 'q',
    id,
    at: startedAt,
    outcome: 'failed',
    code: 'warehouse-failed',
    detail: 'it failed',
    startedAt,
  };
}
