import { Gauge, type Registry } from 'prom-client';
import type { Policy } from '../../shared/catalog/policy.ts';
import type { Clock } from '../../shared/clock.ts';

/** How long each query could go on being answered from what is stored if nothing new came any more. */
export interface Runway {
  /** An entry of the query was served, as fresh or as stale. */
  note(query: string, asOf: number, policy: Policy): void;
}

/** Two of these are looked at, so that what was served counts for one to two of them. */
const BUCKET_MS = 30_000;

/** By query, the instant at which the first of the entries served reaches its hard cap. */
type Bucket = Map<string, number>;

/** A runway that shows itself as `punctual_runway_seconds`; a query of which nothing was served of late is left out. */
export function createRunway(register: Registry, clock: Clock): Runway {
  let started = bucketAt(clock.now());
  let current: Bucket = new Map();
  let previous: Bucket = new Map();
  const rotate = () => {
    const bucket = bucketAt(clock.now());
    if (bucket === started) return;
    previous = bucket === started + 1 ? current : new Map();
    current = new Map();
    started = bucket;
  };
  const gauge: Gauge<'query'> = new Gauge({
    name: 'punctual_runway_seconds',
    help: 'Time until the first of the entries served of late may not be served any more; the least of all processes',
    labelNames: ['query'],
    aggregator: 'min',
    registers: [register],
    collect() {
      rotate();
      const now = clock.now();
      const ends: Bucket = new Map();
      for (const bucket of [previous, current])
        for (const [query, endsAt] of bucket) noteEnd(ends, query, endsAt);
      gauge.reset();
      for (const [query, endsAt] of ends) gauge.set({ query }, Math.max(0, endsAt - now) / 1_000);
    },
  });
  return {
    note(query, asOf, policy) {
      rotate();
      noteEnd(current, query, Math.min(asOf, clock.now()) + policy.staleForMs);
    },
  };
}

function bucketAt(now: number): number {
  return Math.floor(now / BUCKET_MS);
}

function noteEnd(bucket: Bucket, query: string, endsAt: number): void {
  bucket.set(query, Math.min(endsAt, bucket.get(query) ?? endsAt));
}
