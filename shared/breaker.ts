import CircuitBreaker from 'opossum';

/** What a breaker tells its owner. */
export type BreakerState = 'closed' | 'open' | 'half-open';

/** How a breaker judges: over which window, from how many calls on, and how long it stays open before it lets one probe through. */
export interface BreakerLimits {
  readonly windowMs: number;
  readonly leastCalls: number;
  readonly errorPercent: number;
  readonly resetAfterMs: number;
}

/** What a guarded call comes to: its value, or that it was not made because the breaker is open. */
export type Guarded<T> = { readonly open: false; readonly value: T } | { readonly open: true };

/**
 * A circuit breaker around calls of one dependency. opossum keeps the state; bounds on time and on concurrency are not
 * its business here: it would count its own rejections as failures and cannot stop the work it gives up on.
 */
export interface Breaker {
  readonly state: BreakerState;
  /** Makes the call unless the breaker is open. `failed` says whether its value counts as a failure; a rejection always does. */
  guard<T>(call: () => Promise<T>, failed?: (value: T) => boolean): Promise<Guarded<T>>;
  close(): void;
}

/** A closed breaker; `onChange` hears every change of its state. */
export function createBreaker(
  name: string,
  limits: BreakerLimits,
  onChange: (state: BreakerState) => void,
): Breaker {
  const circuit = new CircuitBreaker((call: () => Promise<unknown>) => call(), {
    name,
    timeout: false,
    errorThresholdPercentage: limits.errorPercent,
    volumeThreshold: limits.leastCalls,
    rollingCountTimeout: limits.windowMs,
    rollingCountBuckets: 10,
    resetTimeout: limits.resetAfterMs,
    enableSnapshots: false,
  });
  circuit.on('open', () => onChange('open'));
  circuit.on('halfOpen', () => onChange('half-open'));
  circuit.on('close', () => onChange('closed'));
  return {
    get state() {
      if (circuit.opened) return 'open';
      return circuit.halfOpen ? 'half-open' : 'closed';
    },
    async guard(call, failed) {
      try {
        const value = await circuit.fire(async () => {
          const value = await call();
          if (failed?.(value)) throw new CountedFailure(value);
          return value;
        });
        return { open: false, value: value as Awaited<ReturnType<typeof call>> };
      } catch (error) {
        if (error instanceof CountedFailure)
          return { open: false, value: error.value as Awaited<ReturnType<typeof call>> };
        if (error instanceof Error && CircuitBreaker.isOurError(error)) return { open: true };
        throw error;
      }
    },
    close: () => circuit.shutdown(),
  };
}

/** Carries a value through opossum, which counts only what is thrown. */
class CountedFailure extends Error {
  readonly value: unknown;

  constructor(value: unknown) {
    super('counted as a failure');
    this.value = value;
  }
}
