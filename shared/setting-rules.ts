import { z } from 'zod';
import { parseByteSize } from './byte-size.ts';
import { parseDuration } from './duration.ts';

// What the text of an environment variable may be: each rule has a default, and says what it expected.

/** Any text. */
export function text(standard: string) {
  return z.string().default(standard);
}

/** A whole number within bounds. */
export function whole(least: number, most: number, standard: number) {
  return z
    .string()
    .default(String(standard))
    .transform((value, context) => {
      const number = Number(value);
      if (Number.isInteger(number) && number >= least && number <= most) return number;
      context.addIssue(`expected a whole number from ${least} to ${most}`);
      return z.NEVER;
    });
}

/** A port to listen on; 0 for any that is free. */
export function port(standard: number) {
  return whole(0, 65_535, standard);
}

/** A duration as text, in milliseconds. */
export function duration(standard: string, leastMs: number, mostMs: number) {
  return z
    .string()
    .default(standard)
    .transform((value, context) => {
      const ms = durationWithin(value, leastMs, mostMs);
      if (ms !== undefined) return ms;
      context.addIssue(`expected ${durationsWithin(leastMs, mostMs)}`);
      return z.NEVER;
    });
}

/** A {@link duration}, or undefined for what is off. */
export function durationOrOff(standard: string, leastMs: number, mostMs: number) {
  return z
    .string()
    .default(standard)
    .transform((value, context) => {
      if (value.trim().toLowerCase() === 'off') return undefined;
      const ms = durationWithin(value, leastMs, mostMs);
      if (ms !== undefined) return ms;
      context.addIssue(`expected off or ${durationsWithin(leastMs, mostMs)}`);
      return z.NEVER;
    });
}

function durationWithin(value: string, leastMs: number, mostMs: number): number | undefined {
  const ms = parseDuration(value);
  return ms !== undefined && ms >= leastMs && ms <= mostMs ? ms : undefined;
}

function durationsWithin(leastMs: number, mostMs: number): string {
  return `a duration such as 15s, from ${leastMs}ms to ${mostMs / 1000}s`;
}

/** A size as text, in bytes. */
export function byteSize(standard: string, leastBytes: number, mostBytes: number) {
  return z
    .string()
    .default(standard)
    .transform((value, context) => {
      const bytes = parseByteSize(value);
      if (bytes !== undefined && bytes >= leastBytes && bytes <= mostBytes) return bytes;
      context.addIssue(
        `expected a size such as 64MB, from ${leastBytes / 1e6}MB to ${mostBytes / 1e9}GB`,
      );
      return z.NEVER;
    });
}

/** One of some words, in any case. */
export function oneOf<const T extends readonly [string, ...string[]]>(
  values: T,
  standard: T[number],
) {
  return z
    .string()
    .toLowerCase()
    .pipe(z.enum(values, `expected one of ${values.join(', ')}`))
    .default(() => standard);
}

/** What goes into a header as it stands and is not guessed. */
export function secret(leastLength: number) {
  return z
    .string()
    .regex(
      new RegExp(`^[\\x21-\\x7e]{${leastLength},256}$`),
      `expected ${leastLength} to 256 visible ASCII characters`,
    );
}

/** The URL of a Redis server. */
export function redisUrl() {
  return z.url({ protocol: /^rediss?$/, error: 'expected a URL such as redis://127.0.0.1:6379' });
}

/** `host:port` as Google's own tools write it, or a URL. */
export function emulatorHost() {
  return z
    .string()
    .transform((value) => (value.includes('://') ? value : `http://${value}`))
    .pipe(z.url({ protocol: /^https?$/, error: 'expected host:port or a URL' }))
    .transform((url) => url.replace(/\/+$/, ''));
}
