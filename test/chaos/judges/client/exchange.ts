import type { Finding } from '../../finding.ts';
import type { Breakage } from './plan.ts';

/** What a part of an answer says about itself. */
export interface PartLabel {
  readonly source: string;
  readonly reason?: string | undefined;
  readonly code?: string | undefined;
  readonly asOf?: string | undefined;
  readonly ageSeconds?: number | undefined;
}

/** One request and what became of it. Times in milliseconds after `sentMs`, by the client's own monotonic clock. */
export interface Exchange {
  readonly plan: string;
  readonly path: string;
  readonly key: string | undefined;
  /** Its number among the requests of its plan. */
  readonly number?: number;
  readonly sentMs: number;
  /** The same instant by the wall clock: what ages are compared with. */
  readonly sentAt: number;
  connectedMs?: number;
  firstByteMs?: number;
  lastByteMs?: number;
  status?: number;
  headers?: Readonly<Record<string, string>>;
  bodyHash?: string;
  /** `meta.source` of a 2xx, the `code` of a problem. */
  outcome?: string;
  parts?: Readonly<Record<string, PartLabel>>;
  /** The stamps of the rows: which runs they came from. */
  stamps?: readonly string[];
  /** Where the next page of a list begins. */
  nextCursor?: string;
  /** What is wrong with it; left out when nothing is. */
  faults?: readonly Finding[];
  /** How the connection ended before the answer was whole; `left` when the client went away itself. */
  broken?: Breakage | 'left';
}

/** Milliseconds to the last byte; endless for an answer that did not come. */
export function tookMs({ lastByteMs }: Exchange): number {
  return lastByteMs ?? Number.POSITIVE_INFINITY;
}

/** Whether the answer is as good as can be: computed now, or within its bounds. */
export function isGood({ outcome }: Exchange): boolean {
  return outcome === 'live' || outcome === 'fresh';
}

/** The value below which this share of the values lies; 0 when there are none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}
