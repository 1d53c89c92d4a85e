import { z } from 'zod';
import { CLASSES, type QueryClass } from '../catalog/policy.ts';

/** A whole number for each class. */
export type PerClass = Readonly<Record<QueryClass, number>>;

/** What a worker says of its bulkheads. */
export interface WorkerLoad {
  /** How many warehouse jobs it runs at once just now, all classes together. */
  readonly limit: number;
  readonly inFlight: PerClass;
  /** Flights that it has taken from the queue and that wait for room. */
  readonly waiting: PerClass;
  /** How many of each class it would run at once as things stand. */
  readonly places: PerClass;
}

/** Something for each class, made one after the other. */
export function perClass<T>(make: (queryClass: QueryClass) => T): Record<QueryClass, T> {
  return { live: make('live'), analyst: make('analyst'), warm: make('warm') };
}

const count = z.int().nonnegative();
const counts = z.record(z.enum(CLASSES), count);
const schema = z.object({ limit: count, inFlight: counts, waiting: counts, places: counts });

/** Reads a load from the wire; anything else is undefined. */
export function parseWorkerLoad(text: string): WorkerLoad | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
