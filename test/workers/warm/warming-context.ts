import type { Registry } from 'prom-client';
import { createWorkerLoads } from '../../../shared/load/worker-loads.ts';
import { createDemand } from '../../../shared/warm/demand.ts';
import { createWarmRuns } from '../../../shared/warm/warm-runs.ts';
import { createWarmTally } from '../../../shared/warm/warm-tally.ts';
import type { WarmingContext } from '../../../workers/warm/warming-context.ts';
import { createWarmingEvents } from '../../../workers/warm/warming-events.ts';
import type { WorkerContext } from '../../../workers/worker-context.ts';

/** What the warming runs of a worker share, with their metrics by themselves. */
export function warmingContext(worker: WorkerContext, registry: Registry): WarmingContext {
  const { queue } = worker.redis;
  return {
    worker,
    runs: createWarmRuns(queue),
    tally: createWarmTally(queue, worker.clock),
    demand: createDemand(queue),
    loads: createWorkerLoads(queue),
    events: createWarmingEvents(worker.log, registry, worker.events),
  };
}
