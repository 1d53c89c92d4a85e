import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';
import { leaseKey, warehouseJobKey } from '../redis/keys.ts';

/** A lease that nobody renews frees itself after this long; shorter than BullMQ's lock, so a job that is run again finds it free. */
export const LEASE_MS = 4_000;

const TAKE = readFileSync(new URL('./take-lease.lua', import.meta.url), 'utf8');
const RENEW = readFileSync(new URL('./renew-lease.lua', import.meta.url), 'utf8');
const RELEASE = readFileSync(new URL('./release-lease.lua', import.meta.url), 'utf8');

/** A warehouse job id, and how long it is remembered. */
export interface ClaimedJob {
  readonly jobId: string;
  readonly lifetimeMs: number;
}

/** The right to run one fingerprint's flight, held by one worker at a time in the whole fleet. */
export interface Leases {
  /**
   * Takes the lease if it is free, and in the same step writes down the id under which the flight's warehouse job will be
   * inserted. Returns the id that stands there now: an earlier flight's, if that one ended without settling its job.
   * Undefined when somebody else holds the lease.
   */
  take(fingerprint: string, holder: string, job: ClaimedJob): Promise<string | undefined>;
  /** False when the lease is another's or gone: its flight must stop and write nothing. */
  renew(fingerprint: string, holder: string): Promise<boolean>;
  /** Frees the lease, and forgets the warehouse job when the flight has settled it. */
  release(fingerprint: string, holder: string, settled: boolean): Promise<void>;
  /** Replaces a warehouse job id that can never give a result. */
  replaceWarehouseJob(fingerprint: string, job: ClaimedJob): Promise<void>;
}

/** The leases behind one connection to the queue role. */
export function createLeases(redis: Redis): Leases {
  return {
    async take(fingerprint, holder, { jobId, lifetimeMs }) {
      const keys = [leaseKey(fingerprint), warehouseJobKey(fingerprint)];
      const standing = await redis.eval(TAKE, 2, ...keys, holder, LEASE_MS, jobId, lifetimeMs);
      return typeof standing === 'string' ? standing : undefined;
    },
    async renew(fingerprint, holder) {
      return (await redis.eval(RENEW, 1, leaseKey(fingerprint), holder, LEASE_MS)) === 1;
    },
    async release(fingerprint, holder, settled) {
      const keys = [leaseKey(fingerprint), warehouseJobKey(fingerprint)];
      await redis.eval(RELEASE, 2, ...keys, holder, settled ? 1 : 0);
    },
    async replaceWarehouseJob(fingerprint, { jobId, lifetimeMs }) {
      await redis.set(warehouseJobKey(fingerprint), jobId, 'PX', lifetimeMs);
    },
  };
}
