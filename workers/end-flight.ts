import { setTimeout as pause } from 'node:timers/promises';
import type { Query } from '../shared/catalog/catalog.ts';
import type { Code } from '../shared/error-codes.ts';
import type { Landing, StoredLanding } from '../shared/flight/landing.ts';
import type { FlightJob } from '../shared/queue/flight-job.ts';
import type { FlightEnd } from './run-flight.ts';
import type { QuerySuccess } from './thread/task.ts';
import type { WorkerContext } from './worker-context.ts';

/** Between the tries of storing a result; a server that restarts is back within them. */
const WRITE_GAPS_MS = [200, 400, 800, 1_600, 2_000];

/** Up to this many bytes an entry is announced with its landing: every gateway hears it, and one at least waits for it. */
const MOST_ANNOUNCED_BYTES = 8 * 1024;

/** Stores what a flight has brought, unless a newer entry stands there, and announces it. */
export async function store(
  context: WorkerContext,
  query: Query,
  job: FlightJob,
  startedAt: number,
  { asOf, bytes, encodeMs }: QuerySuccess,
): Promise<FlightEnd> {
  const times = { ranMs: context.clock.now() - startedAt, encodeMs };
  const entry = { fingerprint: job.fingerprint, asOf, bytes };
  try {
    const stored = await untilWritten(() => context.entries.write(entry, query.policy.staleForMs));
    await land(context, job, {
      ...times,
      ...(stored ? { asOf, ...announced(job, bytes) } : {}),
    });
    return stored ? 'landed' : 'kept';
  } catch (error) {
    await fail(context, job, startedAt, 'store-down', String(error));
    return 'failed';
  }
}

/** A flight of warming has nobody who waits. */
function announced({ warming }: FlightJob, bytes: Uint8Array): Pick<StoredLanding, 'entry'> {
  if (warming || bytes.length > MOST_ANNOUNCED_BYTES) return {};
  return { entry: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64') };
}

/** The result is paid: a store that was away for a moment is to have it. */
async function untilWritten<T>(write: () => Promise<T>): Promise<T> {
  for (const gapMs of WRITE_GAPS_MS) {
    try {
      return await write();
    } catch {
      await pause(gapMs);
    }
  }
  return write();
}

/** Announces that an entry stands there, and what was run and stored for it, if anything was. */
export async function land(
  context: WorkerContext,
  { fingerprint, query }: FlightJob,
  what: Omit<StoredLanding, 'outcome'> = {},
): Promise<void> {
  const at = context.clock.now();
  const id = crypto.randomUUID();
  await announce(context, { fingerprint, query, id, at, outcome: 'stored', ...what });
}

/** Tells the log, the metrics and all who wait that a flight has failed. */
export async function fail(
  context: WorkerContext,
  job: FlightJob,
  startedAt: number,
  code: Code,
  detail: string,
): Promise<void> {
  context.events.flightFailed(job, code, detail);
  const { fingerprint, query } = job;
  const facts = { fingerprint, query, id: crypto.randomUUID(), at: context.clock.now() };
  await announce(context, { ...facts, outcome: 'failed', code, detail, startedAt });
}

/** Best effort: who does not hear of a landing finds the entry by looking, or starts the flight again. */
async function announce({ landings, events }: WorkerContext, landing: Landing): Promise<void> {
  await landings.announce(landing).catch((error: unknown) => events.redisError('queue', error));
}
