import { Gauge, type Registry } from 'prom-client';
import { CLASSES } from '../shared/catalog/policy.ts';
import type { PerClass, WorkerLoad } from '../shared/load/worker-load.ts';
import type { Bulkheads } from './limit/bulkheads.ts';

/** Shows this worker's bulkheads as metrics, as they are when somebody asks. */
export function showLoad(register: Registry, bulkheads: Pick<Bulkheads, 'state'>): void {
  const limit: Gauge = new Gauge({
    name: 'punctual_bulkhead_limit',
    help: 'Warehouse jobs that this worker may run at once just now',
    registers: [register],
    collect: () => limit.set(bulkheads.state.limit),
  });
  const showPerClass = (name: string, help: string, read: (load: WorkerLoad) => PerClass) => {
    const gauge: Gauge<'class'> = new Gauge({
      name,
      help,
      labelNames: ['class'],
      registers: [register],
      collect() {
        const counts = read(bulkheads.state);
        for (const queryClass of CLASSES) gauge.set({ class: queryClass }, counts[queryClass]);
      },
    });
  };
  showPerClass(
    'punctual_bulkhead_in_flight',
    'Flights that this worker runs',
    ({ inFlight }) => inFlight,
  );
  showPerClass(
    'punctual_bulkhead_waiting',
    'Flights that this worker has taken and that wait for room',
    ({ waiting }) => waiting,
  );
}
