import { z } from 'zod';
import { type Code, isCode } from '../error-codes.ts';

/** How a flight ended. It says nothing of rows: those stand in the entry, and waiters look there. */
export type Landing = {
  readonly fingerprint: string;
  /** Random; tells one landing of a fingerprint from the next. */
  readonly id: string;
} & ({ readonly outcome: 'stored' } | FailedLanding);

/** A flight that brought no entry, and when it took off (milliseconds since the epoch). */
export interface FailedLanding {
  readonly outcome: 'failed';
  readonly code: Code;
  readonly detail: string;
  readonly startedAt: number;
}

const landingSchema = z.intersection(
  z.object({ fingerprint: z.string(), id: z.string() }),
  z.discriminatedUnion('outcome', [
    z.object({ outcome: z.literal('stored') }),
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
