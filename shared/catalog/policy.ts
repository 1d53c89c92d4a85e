import { z } from 'zod';
import { type ByteSize, parseByteSize } from '../byte-size.ts';
import { type Duration, parseDuration } from '../duration.ts';

/** Who a query works for: `live` and `analyst` have a person waiting, `warm` nobody. Each has a queue of its own. */
export const CLASSES = ['live', 'analyst', 'warm'] as const;

/** One of {@link CLASSES}. */
export type QueryClass = (typeof CLASSES)[number];

/** What may keep an entry fresh for longer than its age alone. */
export type FreshWhile = 'tables-unchanged';

/** A query's numbers as its author writes them; what is left out takes the default of {@link policySchema}. */
export interface PolicyText {
  /** An entry younger than this is `fresh`. */
  readonly freshFor?: Duration;
  /**
   * An entry past `freshFor` stays `fresh` while nothing has changed in the tables that the query reads. Only for a query whose
   * rows follow from those tables and its parameters alone.
   */
  readonly freshWhile?: FreshWhile;
  /** With `freshWhile`: no entry older than this is `fresh`, whatever has not changed. Left out, it is `staleForClosed`. */
  readonly freshAtMost?: Duration;
  /** Past `freshFor`, for this much longer, the entry is served at once and refreshed behind the answer. */
  readonly revalidateFor?: Duration;
  /** The hard cap, and how long it is stored: the oldest an entry may be to be served at all, when nothing else can be had. */
  readonly staleFor?: Duration;
  /**
   * While the query's breaker is closed: up to this age a stale entry comes before a fallback, and waiting for a newer one
   * ends at `softTimeout`. Left out, it is `staleForOpen`.
   */
  readonly staleForClosed?: Duration;
  /** While the query's breaker is open: up to this age a stale entry comes before a fallback. Left out, it is `staleFor`. */
  readonly staleForOpen?: Duration;
  /** How long one flight may take while somebody waits. */
  readonly timeout?: Duration;
  /** With a stale entry in hand, how long to wait for a newer one. */
  readonly softTimeout?: Duration;
  /** How long a flight may run on after its timeout to fill the cache; `0s` cancels it at the timeout. */
  readonly harvestFor?: Duration;
  /** The warehouse refuses to run the query when it would bill more. */
  readonly maxBytesBilled?: ByteSize;
  /** A result with more rows fails instead of being cut. */
  readonly maxRows?: number;
  readonly class?: QueryClass;
}

/** A query's numbers, parsed: milliseconds, bytes and rows. */
export interface Policy {
  readonly freshForMs: number;
  readonly freshWhile?: FreshWhile | undefined;
  /** As long as `freshForMs` where nothing but age keeps an entry fresh. */
  readonly freshAtMostMs: number;
  readonly revalidateForMs: number;
  readonly staleForMs: number;
  readonly staleForClosedMs: number;
  readonly staleForOpenMs: number;
  readonly timeoutMs: number;
  readonly softTimeoutMs: number;
  readonly harvestForMs: number;
  readonly maxBytesBilled: number;
  readonly maxRows: number;
  readonly class: QueryClass;
}

/** Parses a {@link PolicyText}, naming every number that is out of its range. */
export const policySchema = z
  .strictObject({
    freshFor: duration().prefault('5m'),
    freshWhile: z.literal('tables-unchanged').optional(),
    freshAtMost: duration().optional(),
    revalidateFor: duration().prefault('0s'),
    staleFor: duration().prefault('24h'),
    staleForClosed: duration().optional(),
    staleForOpen: duration().optional(),
    timeout: duration().prefault('15s'),
    softTimeout: duration().prefault('2s'),
    harvestFor: duration().prefault('0s'),
    maxBytesBilled: byteSize('2GB'),
    maxRows: z.int().min(1).max(1_000_000).default(10_000),
    class: z.enum(CLASSES).default('live'),
  })
  .transform(({ staleForOpen, staleForClosed, ...text }) => {
    const open = staleForOpen ?? text.staleFor;
    return { ...text, staleForOpen: open, staleForClosed: staleForClosed ?? open };
  })
  .superRefine((text, context) => {
    const complain = (path: string, message: string) =>
      context.addIssue({ code: 'custom', path: [path], message });
    if (text.timeout < 100) complain('timeout', 'must be at least 100ms');
    if (text.softTimeout > text.timeout) complain('softTimeout', 'must not exceed timeout');
    // The widest bound that is too narrow: those below take their defaults from it.
    const bounds = ['staleFor', 'staleForOpen', 'staleForClosed'] as const;
    const narrow = bounds.find((bound) => text[bound] < text.freshFor + text.revalidateFor);
    if (narrow) complain(narrow, 'must be at least freshFor + revalidateFor');
    if (text.staleForClosed > text.staleForOpen)
      complain('staleForClosed', 'must not exceed staleForOpen');
    if (text.staleForOpen > text.staleFor) complain('staleForOpen', 'must not exceed staleFor');
    if (text.freshAtMost === undefined) return;
    if (!text.freshWhile) complain('freshAtMost', 'is of use with freshWhile only');
    if (text.freshAtMost < text.freshFor) complain('freshAtMost', 'must be at least freshFor');
    if (text.freshAtMost > text.staleForClosed)
      complain('freshAtMost', 'must not exceed staleForClosed');
  })
  .transform(
    (text): Policy => ({
      freshForMs: text.freshFor,
      ...(text.freshWhile ? { freshWhile: text.freshWhile } : {}),
      freshAtMostMs: text.freshWhile ? (text.freshAtMost ?? text.staleForClosed) : text.freshFor,
      revalidateForMs: text.revalidateFor,
      staleForMs: text.staleFor,
      staleForClosedMs: text.staleForClosed,
      staleForOpenMs: text.staleForOpen,
      timeoutMs: text.timeout,
      softTimeoutMs: text.softTimeout,
      harvestForMs: text.harvestFor,
      maxBytesBilled: text.maxBytesBilled,
      maxRows: text.maxRows,
      class: text.class,
    }),
  );

/** A length of time as text, parsed to milliseconds. */
export function duration() {
  return z.string().transform((text, context) => {
    const ms = parseDuration(text);
    if (ms !== undefined) return ms;
    context.addIssue(`expected a duration such as 15s or 5m, got "${text}"`);
    return z.NEVER;
  });
}

function byteSize(standard: ByteSize) {
  return z
    .string()
    .default(standard)
    .transform((text, context) => {
      const bytes = parseByteSize(text);
      if (bytes !== undefined && bytes > 0) return bytes;
      context.addIssue(`expected a size such as 500MB or 2GB, got "${text}"`);
      return z.NEVER;
    });
}
