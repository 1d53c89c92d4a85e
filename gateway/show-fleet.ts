import { Gauge, type Registry } from 'prom-client';
import { CLASSES } from '../shared/catalog/policy.ts';
import type { Admission, AdmissionFigures } from './admission/admission.ts';

/** Shows what admission knows of the fleet as metrics; nothing while it knows nothing. */
export function showFleet(register: Registry, admission: Pick<Admission, 'figures'>): void {
  const show = (
    name: string,
    help: string,
    read: (figures: AdmissionFigures) => number | undefined,
  ) => {
    const gauge: Gauge = new Gauge({
      name,
      help,
      aggregator: 'max',
      registers: [register],
      collect() {
        gauge.reset();
        const value = admission.figures && read(admission.figures);
        if (value !== undefined) gauge.set(value);
      },
    });
  };
  const showPerClass = (
    name: string,
    help: string,
    read: (figures: AdmissionFigures, of: (typeof CLASSES)[number]) => number | undefined,
  ) => {
    const gauge: Gauge<'class'> = new Gauge({
      name,
      help,
      labelNames: ['class'],
      aggregator: 'max',
      registers: [register],
      collect() {
        gauge.reset();
        for (const name of CLASSES) {
          const value = admission.figures && read(admission.figures, name);
          if (value !== undefined) gauge.set({ class: name }, value);
        }
      },
    });
  };
  show('punctual_workers', 'Workers that live', ({ workers }) => workers);
  show('punctual_warehouse_limit', 'Warehouse jobs that may run at once', ({ limit }) => limit);
  show(
    'punctual_queue_memory_share',
    'The part of its maxmemory that the queue role uses',
    ({ memoryShare }) => memoryShare,
  );
  showPerClass(
    'punctual_queue_depth',
    'Flights that no worker has taken',
    ({ depth }, of) => depth[of],
  );
  showPerClass(
    'punctual_flights_in_the_air',
    'Flights that workers run',
    ({ inFlight }, of) => inFlight[of],
  );
  showPerClass(
    'punctual_flights_held',
    'Flights that workers have taken and that wait for room in the warehouse',
    ({ waiting }, of) => waiting[of],
  );
  showPerClass(
    'punctual_queue_wait_seconds',
    'How long a flight that is added now waits for a place',
    ({ waitMs }, of) => (waitMs[of] === undefined ? undefined : waitMs[of] / 1_000),
  );
}
