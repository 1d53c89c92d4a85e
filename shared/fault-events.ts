import { Counter, Gauge, type Registry } from 'prom-client';
import type { BreakerState } from './breaker/circuit.ts';
import type { Logger } from './log.ts';
import { createRepeatGuard } from './repeat-guard.ts';

/** What goes wrong in any process: counted every time, and logged at most once in five seconds for each kind. */
export interface FaultEvents {
  fault(kind: string, message: string, about: object, level?: 'warn' | 'error'): void;
  redisError(role: string, error: unknown): void;
  breakerChanged(name: string, state: BreakerState): void;
  /** How far a clock is ahead of the agreed time: this process's `own`, or a server's. */
  clockRead(name: string, aheadMs: number): void;
}

const LOGGED_EVERY_MS = 5_000;
const WRONG_CLOCK_MS = 1_000;
const BREAKER_LEVEL = { closed: 0, 'half-open': 1, open: 2 } as const;

/** The fault events of one process, over its log and its metrics. */
export function createFaultEvents(log: Logger, register: Registry): FaultEvents {
  const rarely = createRepeatGuard(LOGGED_EVERY_MS);
  const faults = new Counter({
    name: 'punctual_faults_total',
    help: 'Faults by kind',
    labelNames: ['kind'],
    registers: [register],
  });
  const breakers = new Gauge({
    name: 'punctual_breaker_state',
    help: '0 closed, 1 half-open, 2 open; the worst of all processes',
    labelNames: ['breaker'],
    aggregator: 'max',
    registers: [register],
  });
  const clocks = new Gauge({
    name: 'punctual_clock_offset_seconds',
    help: 'How far each clock is from the time that the fleet has agreed on; the worst of all processes',
    labelNames: ['clock'],
    aggregator: 'max',
    registers: [register],
  });
  const fault: FaultEvents['fault'] = (kind, message, about, level = 'warn') => {
    faults.inc({ kind });
    rarely(kind, (heldBack) => log[level]({ ...about, heldBack }, message));
  };
  return {
    fault,
    redisError: (role, error) =>
      fault(`redis-${role}`, 'redis error', { redis: role, error: String(error) }),
    breakerChanged(name, state) {
      breakers.set({ breaker: name }, BREAKER_LEVEL[state]);
      log.warn({ breaker: name, state }, 'breaker changed');
    },
    clockRead(name, aheadMs) {
      clocks.set({ clock: name }, Math.abs(aheadMs) / 1_000);
      if (Math.abs(aheadMs) > WRONG_CLOCK_MS)
        fault('clock-off', 'a clock is off', { clock: name, aheadMs: Math.round(aheadMs) });
    },
  };
}
