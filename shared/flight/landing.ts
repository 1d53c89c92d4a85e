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
}

/** A flight that brought no entry, and when it took off (milliseconds since the epoch). */
export interface FailedLanding {
  readonly outcome: 'failed';
  readonly code: Code;
  readonly detail: string;
  readonly startedAt: number;
}

/**
 * The bytes of an entry that are few, told to those who wait for them while they are being stored. It is no landing: what
 * stands in the store, and whether the flight has ended, the landing says that follows.
 */
export interface Delivery extends FlightTimes {
  readonly outcome: 'delivered';
  readonly fingerprint: string;
  /** In base64. */
  readonly entry: string;
}

/** What everybody hears of a flight. */
export type Announcement = Landing | Delivery;

const flightTimes = { ranMs: z.number().optional(), encodeMs: z.number().optional() };

const landingSchema = z.intersection(
  z.object({ fingerprint: z.string(), query: z.string(), id: z.string(), at: z.number() }),
  z.discriminatedUnion('outcome', [
    z.object({
      outcome: z.literal('stored'),
      asOf: z.number().optional(),
      ...flightTimes,
    }),
    z.object({
      outcome: z.literal('failed'),
      code: z.custom<Code>(isCode),
      detail: z.string(),
      startedAt: z.number(),
    }),
  ]),
);

const announcementSchema: z.ZodType<Announcement> = z.union([
  landingSchema,
  z.object({
    outcome: z.literal('delivered'),
    fingerprint: z.string(),
    entry: z.base64(),
    ...flightTimes,
  }),
]);

/** Reads a landing from the wire; anything else is undefined. */
export function parseLanding(text: string | null): Landing | undefined {
  return parse(landingSchema, text);
}

/** Reads what is announced of a flight; anything else is undefined. */
export function parseAnnouncement(text: string): Announcement | undefined {
  return parse(announcementSchema, text);
}

function parse<T>(schema: z.ZodType<T>, text: string | null): T | undefined {
  if (text === null) return undefined;
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
