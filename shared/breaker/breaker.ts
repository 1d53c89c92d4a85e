import type { BreakerBoard } from './breaker-board.ts';
import { type BreakerState, type CircuitLimits, createCircuit } from './circuit.ts';
import { joinFleet } from './fleet.ts';
import { createProbes, type ProbeOutcome } from './probes.ts';

/** What a call says of its dependency. `ignored` says nothing: a caller's mistake, a caller who left, a full queue, a store that is away. */
export type Outcome = ProbeOutcome;

/** Whether a call may be made. Who was admitted reports once what came of it; more reports change nothing. */
export type Admitted =
  | { readonly admitted: false }
  | {
      readonly admitted: true;
      /** It is the one call by which the fleet finds out whether the dependency is back. */
      readonly probe: boolean;
      readonly report: (outcome: Outcome) => void;
    };

/** What a guarded call comes to: its value, or that it was not made because the breaker is open. */
export type Guarded<T> = { readonly open: false; readonly value: T } | { readonly open: true };

/** How a breaker judges. */
export interface BreakerLimits extends CircuitLimits {
  /** A probe that has reported nothing for so long has failed. */
  readonly probeMs: number;
  /** A call that takes longer than its callers wait has failed, even if it brought something. */
  readonly slowMs?: number;
}

/**
 * A circuit breaker around calls of one dependency. Closed, it admits every call. When too many fail, it opens and admits
 * none; after its time it is half-open and admits one probe in the whole fleet at a time, whose success closes it
 * everywhere and whose failure opens it again. Bounds on time and on concurrency are not its business.
 */
export interface Breaker {
  readonly state: BreakerState;
  /** At once while closed or open; half-open, it may ask the fleet first, for 200 ms at most. Never rejects. */
  admit(): Promise<Admitted>;
  /** Makes the call if it is admitted. Its value is a success unless `judge` says otherwise; a rejection a failure unless `judgeError` does. */
  guard<T>(
    call: () => Promise<T>,
    judge?: (value: T) => Outcome,
    judgeError?: (error: unknown) => Outcome,
  ): Promise<Guarded<T>>;
  /** Ends its timers and leaves the fleet; calls are admitted and no longer counted. */
  close(): void;
}

/** What a breaker is made with. Without a board it stands for its own process only. */
export interface BreakerParts {
  /** Hears every change of its state. */
  readonly onChange: (state: BreakerState) => void;
  readonly board?: BreakerBoard;
  /** Hears that the board did not answer. */
  readonly onBoardError?: (error: unknown) => void;
  /** Milliseconds of a monotonic clock. */
  readonly now?: () => number;
}

/** A closed breaker, which opens within moments if the fleet's is open. */
export function createBreaker(name: string, limits: BreakerLimits, parts: BreakerParts): Breaker {
  const now = parts.now ?? (() => performance.now());
  const circuit = createCircuit(limits, parts.onChange, now);
  const fleet = joinFleet(name, {
    board: parts.board,
    onNews(news, isOwn) {
      if (news.kind === 'closed') circuit.close();
      // What this process has said itself may come back when its time is over already.
      else if (!isOwn || circuit.state === 'closed') circuit.open(news.forMs);
    },
    onError: parts.onBoardError,
    longestHoldMs: limits.probeMs + limits.resetAfterMs,
    now,
  });
  const probes = createProbes(circuit, fleet, limits);

  async function admit(): Promise<Admitted> {
    const settleProbe = circuit.state === 'half-open' ? await probes.claim() : undefined;
    if (settleProbe) return admitted(true, settleProbe);
    // A claim may have brought the news that the fleet has closed.
    return circuit.state === 'closed' ? admitted(false, counting()) : REFUSED;
  }

  function admitted(probe: boolean, count: (outcome: Outcome) => void): Admitted {
    return { admitted: true, probe, report: reportOnce(limits, now, count) };
  }

  function counting(): (outcome: Outcome) => void {
    const { period } = circuit;
    return (outcome) => {
      if (outcome === 'ignored' || period !== circuit.period) return;
      if (circuit.record(outcome)) fleet.opened(limits.resetAfterMs);
    };
  }

  return {
    get state() {
      return circuit.state;
    },
    admit,
    guard: (call, judge, judgeError) => guardOver(admit, call, judge, judgeError),
    close() {
      probes.end();
      fleet.leave();
      circuit.end();
    },
  };
}

const REFUSED: Admitted = { admitted: false };

/** Takes the first report, and turns that of a slow call into a failure. */
function reportOnce(
  { slowMs = Infinity }: BreakerLimits,
  now: () => number,
  count: (outcome: Outcome) => void,
): (outcome: Outcome) => void {
  const admittedAtMs = now();
  let isReported = false;
  return (outcome) => {
    if (isReported) return;
    isReported = true;
    const isTooSlow = outcome === 'success' && now() - admittedAtMs > slowMs;
    count(isTooSlow ? 'failure' : outcome);
  };
}

async function guardOver<T>(
  admit: () => Promise<Admitted>,
  call: () => Promise<T>,
  judge: (value: T) => Outcome = () => 'success',
  judgeError: (error: unknown) => Outcome = () => 'failure',
): Promise<Guarded<T>> {
  const admitted = await admit();
  if (!admitted.admitted) return { open: true };
  try {
    const value = await call();
    admitted.report(judge(value));
    return { open: false, value };
  } catch (error) {
    admitted.report(judgeError(error));
    throw error;
  }
}
