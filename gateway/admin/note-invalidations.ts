import { Counter, type Registry } from 'prom-client';
import type { Logger } from '../../shared/log.ts';
import type { Invalidated } from './invalidate-routes.ts';

/** Counts every invalidation that somebody asked for, and tells the log of it. */
export function noteInvalidations(log: Logger, register: Registry): (one: Invalidated) => void {
  const invalidations = new Counter({
    name: 'punctual_invalidations_total',
    help: 'Invalidations over the admin port by what they named and how',
    labelNames: ['by', 'mode'],
    registers: [register],
  });
  return (one) => {
    invalidations.inc({ by: one.by, mode: one.mode });
    log.warn(one, 'invalidated');
  };
}
