import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';
import { landingKey, leaseKey, triesKey, wantsKey, warehouseJobKey } from '../redis/keys.ts';

/** A lease that nobody renews frees itself after this long; shorter than BullMQ's lock, so a job that is run again finds it free. */
export const LEASE_MS = 4_000;
/** A flight whose holder died is flown once more; with this many tries it rests. */
export const QUARANTINED_TRIES = 3;
/** For how long dead holders are remembered, and for how long a flight that killed two of them rests. */
const TRIES_MS = 10 * 60_000;

const TAKE = readFileSync(new URL('./take-lease.lua', import.meta.url), 'utf8');
const RENEW = readFileSync(new URL('./renew-lease.lua', import.meta.url), 'utf8');
const RELEASE = readFileSync(new URL('./release-lease.lua', import.meta.url), 'utf8');

/** A warehouse job id, and how long it is remembered. */
export interface ClaimedJob {
  readonly jobId: string;
  readonly lifetimeMs: number;
}

/** What the new holder of a lease finds. */
export interface TakenLease {
  /** Under which id the flight's warehouse job is, or will be, inserted: an earlier flight's, if that one ended without settling its job. */
  readonly jobId: string;
  /** How many holders have flown this without coming back, with this one: 1 when all is well. */
  readonly tries: number;
  /** Until when anybody wants the flight, milliseconds since the epoch; 0 when nobody does any more, undefined when nobody has said. */
  readonly wantedUntil: number | undefined;
  /** A flight of this fingerprint has landed within the last half minute. */
  readonly hasLanded: boolean;
}

/**
 * What a flight has shown of itself: `proven` harmless; `given-back` before it could show anything; `guilty` of the death
 * of a thread that it had for itself; `resting` when it was not flown, because it had been guilty before.
 */
export type Conduct = 'proven' | 'given-back' | 'guilty' | 'resting';

/** The right to run one fingerprint's flight, held by one worker at a time in the whole fleet. */
export interface Leases {
  /**
   * Takes the lease if it is free, and in the same step writes down the id under which the flight's warehouse job will be
   * inserted, unless one stands there. Undefined when somebody else holds the lease.
   */
  take(fingerprint: string, holder: string, job: ClaimedJob): Promise<TakenLease | undefined>;
  /** Until when the flight is wanted, as in {@link TakenLease}; `lost` when the lease is another's or gone: its flight must stop and write nothing. */
  renew(fingerprint: string, holder: string): Promise<RenewedLease>;
  /** Frees the lease, and forgets the warehouse job when the flight has settled it. */
  release(fingerprint: string, holder: string, settled: boolean, conduct: Conduct): Promise<void>;
  /** Writes down another warehouse job id, in one step for all who share the job: the one that stood there can never give a result, or is not theirs. */
  replaceWarehouseJob(fingerprints: readonly string[], job: ClaimedJob): Promise<void>;
}

/** What renewing a lease comes to. */
export type RenewedLease =
  | { readonly kind: 'held'; readonly wantedUntil: number | undefined }
  | { readonly kind: 'lost' };

/** The leases behind one connection to the queue role. */
export function createLeases(redis: Redis): Leases {
  return {
    async take(fingerprint, holder, { jobId, lifetimeMs }) {
      const keys = [leaseKey, warehouseJobKey, triesKey, wantsKey, landingKey].map((key) =>
        key(fingerprint),
      );
      const taken: unknown = await redis.eval(
        TAKE,
        keys.length,
        ...keys,
        holder,
        LEASE_MS,
        jobId,
        lifetimeMs,
        TRIES_MS,
        QUARANTINED_TRIES,
      );
      if (!Array.isArray(taken)) return undefined;
      const [standing, tries, wanted, landed] = taken;
      return {
        jobId: String(standing),
        tries: Number(tries),
        wantedUntil: instantIn(wanted),
        hasLanded: landed === 1,
      };
    },
    async renew(fingerprint, holder) {
      const keys = [leaseKey(fingerprint), wantsKey(fingerprint)];
      const renewed: unknown = await redis.eval(RENEW, keys.length, ...keys, holder, LEASE_MS);
      return Array.isArray(renewed)
        ? { kind: 'held', wantedUntil: instantIn(renewed[0]) }
        : { kind: 'lost' };
    },
    async release(fingerprint, holder, settled, conduct) {
      const keys = [leaseKey, warehouseJobKey, triesKey].map((key) => key(fingerprint));
      const facts = [holder, settled ? 1 : 0, conduct, QUARANTINED_TRIES, TRIES_MS];
      await redis.eval(RELEASE, keys.length, ...keys, ...facts);
    },
    async replaceWarehouseJob(fingerprints, { jobId, lifetimeMs }) {
      const writing = redis.multi();
      for (const one of fingerprints) writing.set(warehouseJobKey(one), jobId, 'PX', lifetimeMs);
      await writing.exec();
    },
  };
}

function instantIn(reply: unknown): number | undefined {
  return typeof reply === 'string' || typeof reply === 'number' ? Number(reply) : undefined;
}
