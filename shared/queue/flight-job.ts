import { z } from 'zod';
import { CLASSES } from '../catalog/policy.ts';

const parameterValue = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.null(),
  z.array(z.union([z.string(), z.number(), z.boolean()])),
]);

/** What the gateway asks a worker to run. It carries no secret and no rows; instants are milliseconds since the epoch. */
export const flightJobSchema = z.strictObject({
  fingerprint: z.string().regex(/^[0-9a-f]{64}$/),
  query: z.string(),
  version: z.string(),
  scope: z.string(),
  parameters: z.record(z.string(), parameterValue),
  class: z.enum(CLASSES),
  /** After this instant nobody waits any more. */
  deadline: z.number(),
  /** An entry as of this instant or before does not do, however fresh. */
  newerThan: z.number(),
  requestId: z.string(),
  /** Its query is flown for many keys at once: it waits in the queue of batches, where workers take as many as there are. */
  batched: z.literal(true).optional(),
  /** Nobody has asked for it: its entry says so, which is how it is known what warming is good for. */
  warming: z.literal(true).optional(),
});

/** A job of {@link flightJobSchema}. */
export type FlightJob = z.output<typeof flightJobSchema>;
