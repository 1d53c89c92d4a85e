import { createPace } from './pace.ts';

/**
 * How a flight's warehouse work ended. `ok` brought rows; `quota`: the warehouse said that too much is asked of it;
 * `slow-or-failed`: it ran into its timeout or into a fault of the warehouse; `ignored`: it says nothing of the warehouse's
 * load (cancelled, not run, a query that is wrong).
 */
export interface FlightResult {
  readonly query: string;
  readonly tookMs: number;
  readonly outcome: 'ok' | 'quota' | 'slow-or-failed' | 'ignored';
}

/**
 * How many warehouse jobs one worker runs at once: additive increase, multiplicative decrease (Chiu and Jain 1989; RFC 5681
 * for what belongs to one congestion event), with the slowness of flights as an early sign beside quota errors.
 */
export interface AdaptiveLimit {
  /** The limit now, a whole number. */
  places(inFlight: number): number;
  /** How often the limit has been lowered: who entered in an earlier era says nothing of the limit in force. */
  readonly era: number;
  /** Learns from a flight that entered in `era` and has ended; `inFlight` counts it still. */
  note(result: FlightResult, era: number, inFlight: number): void;
}

/** The bounds of a limit. */
export interface LimitBounds {
  readonly least: number;
  readonly most: number;
}

/** Errors of one burst count once, and a warehouse that refuses within milliseconds does not bring the limit down within a few of them. */
const LOWER_EVERY_MS = 1_000;
const QUOTA_FACTOR = 0.5;
const SLOW_FACTOR = 0.9;
/** After so long without use there is nothing to be learned, and what was learned is out of date. */
const QUIET_MS = 30_000;

/** A limit that begins at `most`: a worker that has just started finds a warehouse that is well. */
export function createAdaptiveLimit(
  { least, most }: LimitBounds,
  now: () => number,
): AdaptiveLimit {
  const pace = createPace(now);
  let limit = most;
  let era = 0;
  let loweredAt = Number.NEGATIVE_INFINITY;
  let usedAt = Number.NEGATIVE_INFINITY;

  const isUsed = (inFlight: number) => inFlight * 2 >= Math.floor(limit);
  const lower = (factor: number) => {
    limit = Math.max(Math.min(least, most), limit * factor);
    loweredAt = now();
    era += 1;
  };
  const grow = (outcome: FlightResult['outcome']) => {
    if (outcome === 'ok') limit = Math.min(most, limit + 1 / limit);
  };

  return {
    places(inFlight) {
      if (isUsed(inFlight)) usedAt = now();
      else if (now() - Math.max(usedAt, loweredAt) >= QUIET_MS) limit = most;
      return Math.floor(limit);
    },
    get era() {
      return era;
    },
    note({ query, tookMs, outcome }, enteredIn, inFlight) {
      if (outcome === 'ignored') return;
      if (outcome !== 'quota') pace.note(query, tookMs, outcome === 'slow-or-failed');
      if (enteredIn < era) return;
      const mayLower = now() - loweredAt >= LOWER_EVERY_MS;
      if (outcome === 'quota') {
        if (mayLower) lower(QUOTA_FACTOR);
      } else if (isUsed(inFlight)) {
        if (!pace.isSlow()) grow(outcome);
        else if (mayLower) lower(SLOW_FACTOR);
      }
    },
  };
}
