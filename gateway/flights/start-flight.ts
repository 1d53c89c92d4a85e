import type { Breaker } from '../../shared/breaker.ts';
import type { Landings } from '../../shared/flight/landings.ts';
import type { FlightJob } from '../../shared/queue/flight-job.ts';
import type { FlightQueues } from '../../shared/queue/flight-queues.ts';
import type { GatewayEvents } from '../gateway-events.ts';
import type { WatchParts } from './watch.ts';

/** Puts flights before the workers, through the breaker of the queue's Redis. */
export function createFlightStarter(
  queues: FlightQueues,
  landings: Landings,
  breaker: Breaker,
  events: GatewayEvents,
): Pick<WatchParts, 'start' | 'startUnlessFailing'> {
  const start = async (job: FlightJob) => {
    const guarded = await breaker.guard(() => queues.add(job));
    if (guarded.open) throw new Error('the queue has just failed several times');
  };
  return {
    start,
    async startUnlessFailing(job) {
      try {
        const { airborne, landing } = await landings.look(job.fingerprint);
        // How the last flight ended is remembered for half a minute: so long a failed refresh is not repeated.
        if (!airborne && landing?.outcome !== 'failed') await start(job);
      } catch (error) {
        events.refreshNotStarted(job, error);
      }
    },
  };
}
