import type { Redis } from 'ioredis';
import type { Registry } from 'prom-client';
import type { Catalog } from '../../shared/catalog/catalog.ts';
import type { Clock } from '../../shared/clock.ts';
import { createDemand } from '../../shared/warm/demand.ts';
import { createWarmTally } from '../../shared/warm/warm-tally.ts';
import type { GatewayEvents } from '../gateway-events.ts';
import { createDemandNotes, type DemandNotes } from './demand-notes.ts';
import { createHitNotes, type HitNotes } from './hit-notes.ts';

/** What the notes are taken for, and where they go. */
export interface WarmNotesSurroundings {
  readonly catalog: Catalog;
  /** Whether anything is learned from demand. */
  readonly isOn: boolean;
  /** A connection for requests to the queue role. */
  readonly queue: Redis;
  readonly clock: Clock;
  readonly metrics: Registry;
  readonly events: GatewayEvents;
  /** How long a query's flights usually run, if that is known. */
  readonly usualRunMs: (query: string) => number | undefined;
}

/** What a gateway process notes for those who warm. */
export interface WarmNotes {
  /** Which warmed entries were of use. */
  readonly hits: HitNotes;
  /** What is asked for of the queries that learn from it what to warm. */
  readonly demand: DemandNotes;
  /** Writes down the rest, and ends. */
  stop(): Promise<void>;
}

const NOTHING_LEARNS: Catalog = { queries: new Map(), endpoints: new Map() };

/** The notes of one gateway process, written down now and then from now on. */
export function openWarmNotes(surroundings: WarmNotesSurroundings): WarmNotes {
  const { catalog, isOn, queue, clock, metrics, events, usualRunMs } = surroundings;
  const onError = (error: unknown) => events.redisError('queue', error);
  const hits = createHitNotes({
    register: metrics,
    tally: createWarmTally(queue, clock),
    onLeftOut: (left) => events.hitsLeftOut(left),
    onError,
  });
  const demand = createDemandNotes({
    catalog: isOn ? catalog : NOTHING_LEARNS,
    demand: createDemand(queue),
    clock,
    usualRunMs,
    onError,
  });
  hits.start();
  demand.start();
  return {
    hits,
    demand,
    async stop() {
      await Promise.all([hits.stop(), demand.stop()]);
    },
  };
}
