import { EventEmitter } from 'node:events';
import CircuitBreaker from 'opossum';

/** What a breaker tells its owner. */
export type BreakerState = 'closed' | 'open' | 'half-open';

/** When a circuit opens: over which window, from how many calls on, above which share of failures; and for how long. */
export interface CircuitLimits {
  readonly windowMs: number;
  readonly leastCalls: number;
  readonly errorPercent: number;
  /** So many failures with no success between them open it, whatever the window holds: an outage after good times. */
  readonly failuresInRow?: number;
  readonly resetAfterMs: number;
}

/**
 * The rolling window and the state of one breaker, both kept by opossum. It hears of a call only when that is over: so
 * what does not count is never told, and its own timeout, capacity and probe play no part.
 */
export interface Circuit {
  readonly state: BreakerState;
  /** How often it has closed. What a call of an earlier period comes to says nothing about this one. */
  readonly period: number;
  /** Counts a call, if the circuit is closed; true when this opens it. */
  record(outcome: 'success' | 'failure'): boolean;
  /** Opens for so long, then is half-open. An open circuit stays as it is. */
  open(forMs: number): void;
  /** Closes, and forgets everything that it has counted. */
  close(): void;
  /** Ends its timer; nothing is told of any more. */
  end(): void;
}

const BUCKETS = 10;

/** A closed circuit; `onChange` hears every change of its state, `now` gives milliseconds of any monotonic clock. */
export function createCircuit(
  limits: CircuitLimits,
  onChange: (state: BreakerState) => void,
  now: () => number,
): Circuit {
  let counted = startCounting(limits, onChange, now);
  let period = 0;
  let failures = 0;
  return {
    get state() {
      if (counted.opossum.opened) return 'open';
      return counted.opossum.halfOpen ? 'half-open' : 'closed';
    },
    get period() {
      return period;
    },
    record(outcome) {
      if (!counted.opossum.closed) return false;
      counted.turn();
      // Rejects as the call did; the count is all that is wanted.
      counted.opossum.fire(outcome).catch(() => undefined);
      failures = outcome === 'failure' ? failures + 1 : 0;
      if (failures >= (limits.failuresInRow ?? Infinity)) counted.opossum.open();
      return counted.opossum.opened;
    },
    open(forMs) {
      if (counted.opossum.isShutdown) return;
      counted.options.resetTimeout = forMs;
      counted.opossum.open();
    },
    close() {
      if (counted.opossum.closed || counted.opossum.isShutdown) return;
      // opossum keeps its window when it closes: the first failure after would open it again for what was before.
      counted.opossum.shutdown();
      counted = startCounting(limits, onChange, now);
      failures = 0;
      period++;
      onChange('closed');
    },
    end: () => counted.opossum.shutdown(),
  };
}

function startCounting(
  limits: CircuitLimits,
  onChange: (state: BreakerState) => void,
  now: () => number,
) {
  const wheel = new EventEmitter();
  const options: CircuitBreaker.Options<['success' | 'failure']> = {
    timeout: false,
    errorThresholdPercentage: limits.errorPercent,
    volumeThreshold: limits.leastCalls,
    rollingCountTimeout: limits.windowMs,
    rollingCountBuckets: BUCKETS,
    rollingPercentilesEnabled: false,
    rotateBucketController: wheel,
    resetTimeout: limits.resetAfterMs,
    enableSnapshots: false,
  };
  const opossum = new CircuitBreaker(repeatOutcome, options);
  opossum.on('open', () => onChange('open'));
  opossum.on('halfOpen', () => onChange('half-open'));
  return { opossum, options, turn: createTurn(wheel, limits.windowMs / BUCKETS, now) };
}

/** Throws at once instead of rejecting: then opossum opens before `fire` returns. */
function repeatOutcome(outcome: 'success' | 'failure'): Promise<void> {
  if (outcome === 'failure') throw new Error('counted as a failure');
  return Promise.resolve();
}

/** Moves the window on by the buckets that are over since the last call: so it needs no timer while nobody calls. */
function createTurn(wheel: EventEmitter, bucketMs: number, now: () => number): () => void {
  const startedAtMs = now();
  let turned = 0;
  return () => {
    const due = Math.floor((now() - startedAtMs) / bucketMs);
    for (let turns = Math.min(due - turned, BUCKETS); turns > 0; turns--) wheel.emit('rotate');
    turned = due;
  };
}
