import type { WorkerLoads } from '../../shared/load/worker-loads.ts';
import type { Demand } from '../../shared/warm/demand.ts';
import type { WarmCounts, WarmRuns } from '../../shared/warm/warm-runs.ts';
import type { WarmTally } from '../../shared/warm/warm-tally.ts';
import type { WorkerContext } from '../worker-context.ts';
import type { WarmingEvents } from './warming-events.ts';
import type { WarmingPlan } from './warming-plan.ts';

/** What a worker's warming runs share. */
export interface WarmingContext {
  readonly worker: WorkerContext;
  readonly runs: WarmRuns;
  readonly tally: WarmTally;
  readonly demand: Pick<Demand, 'read'>;
  readonly loads: Pick<WorkerLoads, 'read'>;
  readonly events: WarmingEvents;
}

/** One run as its steps see it. */
export interface RunInHand {
  /** That of its job in the queue. */
  readonly id: string;
  readonly plan: WarmingPlan;
  /** Runs in a row before it that came to nothing. */
  readonly mishaps: number;
  /** Aborts when the process ends or the run is another's: what is in the air is left to end. */
  readonly signal: AbortSignal;
  /** Told now and then how far it has come. */
  readonly onProgress: (counts: WarmCounts) => void;
}
