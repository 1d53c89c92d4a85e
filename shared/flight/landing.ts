import { z } from 'zod';
import { type Code, isCode } from '../error-codes.ts';

/** How a flight ended. It says nothing of rows: those stand in the entry, and waiters look there. */
export type Landing = {
  readonly fingerprint: string;
  readonly query: string;
  /** Random; tells one landing of a fingerprint from the next. */
  readonly id: string;
  /** When it landed, milliseconds since the epoch. */
  readonly at: number;
} & (StoredLanding | FailedLanding);

/** How long the warehouse and the thread took for a flight; undefined when nothing had to be run. */
export interface FlightTimes {
  readonly ranMs?: number | undefined;
  /** How much of that went into writing and compressing the rows. */
  readonly encodeMs?: number | undefined;
}

/** A flight with an entry. */
export interface StoredLanding extends FlightTimes {
  readonly outcome: 'stored';
  /** Of the entry that was stored, milliseconds since the epoch; undefined when the one that stood there stays. */
  readonly asOf?: number | undefined;
  /** The entry's bytes in base64, if they are few: who waits for them need not read them. Only announced, never kept. */
  readonly entry?: string | undefined;
}

/** A flight that brought no entry, and when it took off (milliseconds since the epoch). */
export interface FailedLanding {
  readonly outcome: 'failed';
  readonly code: Code;
  readonly detail: string;
  readonly startedAt: number;
}

const landingSchema = z.intersection(
  z.object({ fingerprint: z.string(), query: z.string(), id: z.string(), at: z.number() }),
  z.discriminatedUnion('outcome', [
    z.object({
      outcome: z.literal('stored'),
      ranMs: z.number().optional(),
      encodeMs: z.number().optional(),
      asOf: z.number().optional(),
      entry: z.base64().optional(),
    }),
    z.object({
      outcome: z.literal('failed'),
      code: z.custom<Code>(isCode),
      detail: z.string(),
      startedAt: z.number(),
    }),
  ]),
);

/** Reads a landing from the wire; anything else is undefined. */
export function parseLanding(text: string | null): Landing | undefined {
  if (text === null) return undefined;
  try {
    return landingSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
