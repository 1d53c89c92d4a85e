import { type PerClass, perClass } from '../../shared/load/worker-load.ts';
import type { FleetLoad } from '../../shared/load/worker-loads.ts';

/** The fleet as one gateway process last saw it; counts are sums over the living workers. */
export interface FleetView {
  /** When the look at it began, by this process's monotonic clock. */
  readonly atMs: number;
  readonly workers: number;
  readonly limit: number;
  readonly depth: PerClass;
  readonly inFlight: PerClass;
  readonly waiting: PerClass;
  /** Of the last fleet that had a living worker: one that restarts has its places again in a moment. */
  readonly places: PerClass;
  readonly memoryShare: number | undefined;
  /** Since when every look in an unbroken row has shown no living worker; undefined when the last one showed one. */
  readonly desertedSinceMs: number | undefined;
}

/** A look is news for so long; after that nothing is known of the fleet. */
export const NEWS_MS = 3_000;
/** Without memory for it a living worker cannot beat: a server as full as this says nothing of who lives. */
const FULL_SHARE = 0.95;

/** What a look shows, after what the one before it did. */
export function viewOf(load: FleetLoad, atMs: number, before: FleetView | undefined): FleetView {
  const sum = (count: (worker: FleetLoad['workers'][number]) => number) =>
    load.workers.reduce((total, worker) => total + count(worker), 0);
  const isDeserted = load.workers.length === 0;
  return {
    atMs,
    workers: load.workers.length,
    limit: sum((worker) => worker.load.limit),
    depth: load.depth,
    inFlight: perClass((name) => sum((worker) => worker.load.inFlight[name])),
    waiting: perClass((name) => sum((worker) => worker.load.waiting[name])),
    places:
      isDeserted && before
        ? before.places
        : perClass((name) => sum((worker) => worker.load.places[name])),
    memoryShare: load.memoryShare,
    desertedSinceMs: isDeserted ? desertedSince(load, atMs, before) : undefined,
  };
}

function desertedSince(load: FleetLoad, atMs: number, before: FleetView | undefined) {
  if (load.memoryShare !== undefined && load.memoryShare >= FULL_SHARE) return undefined;
  const isUnbroken = before !== undefined && atMs - before.atMs <= NEWS_MS;
  return (isUnbroken ? before.desertedSinceMs : undefined) ?? atMs;
}
