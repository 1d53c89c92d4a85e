import { setTimeout as pause } from 'node:timers/promises';
import { bounded } from '../bounded.ts';
import type { Clock } from '../clock.ts';

/** Reads a server's clock: milliseconds since the epoch. Rejects when the server cannot be reached. */
export type TimeReader = () => Promise<number>;

/** A clock reading that took longer than this says too little: it may be off by half of it. */
const LONGEST_READ_MS = 250;
const SAMPLES = 3;
const RETRY_MS = 20;

/** How far a server's clock is ahead of the own one, in milliseconds, by the quickest of three readings; undefined when none came. */
export async function serverOffset(read: TimeReader, own: Clock): Promise<number | undefined> {
  let best: Sample | undefined;
  for (let taken = 0; taken < SAMPLES; taken++) {
    const sample = await takeSample(read, own).catch(() => undefined);
    if (!sample) break;
    if (!best || sample.tookMs < best.tookMs) best = sample;
  }
  return best?.offsetMs;
}

/** The same, asked again until the server answers or `withinMs` has passed: at start its connection is only being made. */
export async function firstServerOffset(
  read: TimeReader,
  own: Clock,
  withinMs: number,
): Promise<number | undefined> {
  const endMs = performance.now() + withinMs;
  while (performance.now() < endMs) {
    const offsetMs = await serverOffset(read, own);
    if (offsetMs !== undefined) return offsetMs;
    await pause(RETRY_MS);
  }
  return undefined;
}

interface Sample {
  readonly offsetMs: number;
  readonly tookMs: number;
}

async function takeSample(read: TimeReader, own: Clock): Promise<Sample> {
  const askedAt = own.now();
  const serverTime = await bounded(read(), LONGEST_READ_MS, 'clock');
  const tookMs = own.now() - askedAt;
  return { offsetMs: serverTime - (askedAt + tookMs / 2), tookMs };
}
