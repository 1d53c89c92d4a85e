import { type PerClass, perClass, type WorkerLoad } from '../../../shared/load/worker-load.ts';
import type { FleetLoad } from '../../../shared/load/worker-loads.ts';

/** A worker with 32, 8 and 4 places that has nothing to do, but for what is said. */
export function makeLoad(load: Partial<WorkerLoad> = {}): WorkerLoad {
  return {
    limit: 44,
    inFlight: perClass(() => 0),
    waiting: perClass(() => 0),
    places: { live: 32, analyst: 8, warm: 4 },
    ...load,
  };
}

/** A fleet of such workers. */
export function makeFleet({
  workers = [makeLoad()],
  depth = {},
  memoryShare,
}: {
  workers?: readonly WorkerLoad[];
  depth?: Partial<PerClass>;
  memoryShare?: number;
} = {}): FleetLoad {
  return {
    workers: workers.map((load, index) => ({ id: `worker-${index}`, ageMs: 200, load })),
    depth: { live: 0, analyst: 0, warm: 0, ...depth },
    memoryShare,
  };
}
