import type { PerClass } from '../../shared/load/worker-load.ts';
import type { FleetView } from './fleet-view.ts';
import type { Strain } from './strain.ts';

/** Why a flight is not started: nobody would run it, too much waits, it would come too late, or a store or this process is full or pressed too hard. */
export type Refusal = 'no-workers' | 'backlog' | 'too-late' | 'memory' | 'watches' | 'strain';

/** Whether a flight may be started now. `refresh` says that one which nobody waits for would still make sense. */
export type Verdict =
  | { readonly admit: true }
  | {
      readonly admit: false;
      readonly why: Refusal;
      readonly retryAfterSeconds: number;
      readonly refresh: boolean;
    };

/** What a verdict rests on. */
export interface Evidence {
  /** Fingerprints that this process watches. */
  readonly watched: number;
  readonly strain: Strain;
  /** The fleet, if there is news of it. */
  readonly fleet: FleetView | undefined;
  /** Flights of the class that no worker has taken. */
  readonly queued: number;
  /** How long the flight would wait for a place; undefined when nobody can say. */
  readonly waitMs: number | undefined;
  /** How long it would run, if that is known. */
  readonly usualMs: number | undefined;
}

/** Bounds beyond which nothing is admitted. */
export interface AdmissionLimits {
  /** Fingerprints that one process watches. */
  readonly watches: number;
  /** The part of its `maxmemory` that the queue role may use. */
  readonly memoryShare: number;
  /** Flights of one class that no worker has taken. */
  readonly queued: PerClass;
}

/** So many watches are no burden: a process that is pressed although it has fewer is pressed by something else. */
const LIGHT_WATCHES = 250;
/** Later than this, answers that are due together leave too late, and a store that is well seems to be down. */
const MOST_LATE_MS = 500;
/** Beyond this, collecting garbage takes more time than anything else. */
const MOST_HEAP_SHARE = 0.85;
/** A worker that restarts is back sooner. */
const DESERTED_FOR_MS = 5_000;
/** When it is not known how long things take: about as long as a server needs to drain, or a worker to start. */
const UNKNOWN_WAIT_MS = 5_000;
const LONGEST_RETRY_SECONDS = 30;
/** What other gateways have added since the last look is not seen, and who is admitted in vain has cost another his place. */
const WAIT_DOUBT = 1.1;

/** Judges a flight that has `budgetMs` to land in, `random` (0 to 1) spreads the retries. */
export function judge(
  evidence: Evidence,
  budgetMs: number,
  limits: Omit<AdmissionLimits, 'queued'> & { readonly queued: number },
  random: number,
): Verdict {
  const why = refusalOf(evidence, budgetMs, limits);
  if (!why) return { admit: true };
  const hasWait = why === 'backlog' || why === 'too-late';
  const waitMs = (hasWait ? evidence.waitMs : undefined) ?? UNKNOWN_WAIT_MS;
  const refresh = why === 'too-late';
  return { admit: false, why, retryAfterSeconds: retryAfterSeconds(waitMs, random), refresh };
}

function refusalOf(
  { watched, strain, fleet, queued, waitMs, usualMs = 0 }: Evidence,
  budgetMs: number,
  limits: Parameters<typeof judge>[2],
): Refusal | undefined {
  if (watched >= limits.watches) return 'watches';
  if (watched >= LIGHT_WATCHES && isPressed(strain)) return 'strain';
  if (!fleet) return undefined;
  // Before the workers, because a full server keeps the living from beating.
  if ((fleet.memoryShare ?? 0) >= limits.memoryShare) return 'memory';
  if (isDeserted(fleet)) return 'no-workers';
  if (queued >= limits.queued) return 'backlog';
  // Where a place is free nothing is too late: a query that has been slow would otherwise never be tried again.
  if (waitMs !== undefined && waitMs > 0 && waitMs * WAIT_DOUBT + usualMs > budgetMs)
    return 'too-late';
  return undefined;
}

function isPressed({ lateMs, heapShare }: Strain): boolean {
  return lateMs > MOST_LATE_MS || heapShare > MOST_HEAP_SHARE;
}

function isDeserted({ desertedSinceMs, atMs }: FleetView): boolean {
  return desertedSinceMs !== undefined && atMs - desertedSinceMs >= DESERTED_FOR_MS;
}

/** Up to half as long again, so that those who were refused together do not come back together. */
function retryAfterSeconds(waitMs: number, random: number): number {
  const seconds = Math.ceil((waitMs / 1_000) * (1 + random / 2));
  return Math.min(LONGEST_RETRY_SECONDS, Math.max(1, seconds));
}
