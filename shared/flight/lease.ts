import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';
import { leaseKey, warehouseJobKey } from '../redis/keys.ts';

/** A lease that nobody renews frees itself after this long; shorter than BullMQ's lock, so a job that is run again finds it free. */
export const LEASE_MS = 4_000;

const RENEW = readFileSync(new URL('./renew-lease.lua', import.meta.url), 'utf8');
const RELEASE = readFileSync(new URL('./release-lease.lua', import.meta.url), 'utf8');

/** The right to run one fingerprint's flight, held by one worker at a time in the whole fleet. */
export interface Leases {
  /** True when the lease is now this holder's. */
  take(fingerprint: string, holder: string): Promise<boolean>;
  /** False when the lease is another's or gone: its flight must stop and write nothing. */
  renew(fingerprint: string, holder: string): Promise<boolean>;
  /** Frees the lease, and forgets the warehouse job when the flight has settled it. */
  release(fingerprint: string, holder: string, settled: boolean): Promise<void>;
  /** Writes down a warehouse job id before it is inserted; returns the one that stands there already, if any. */
  claimWarehouseJob(fingerprint: string, jobId: string, lifetimeMs: number): Promise<string>;
  /** Replaces a warehouse job id that can never give a result. */
  replaceWarehouseJob(fingerprint: string, jobId: string, lifetimeMs: number): Promise<void>;
}

/** The leases behind one connection to the queue role. */
export function createLeases(redis: Redis): Leases {
  return {
    async take(fingerprint, holder) {
      return (await redis.set(leaseKey(fingerprint), holder, 'PX', LEASE_MS, 'NX')) === 'OK';
    },
    async renew(fingerprint, holder) {
      return (await redis.eval(RENEW, 1, leaseKey(fingerprint), holder, LEASE_MS)) === 1;
    },
    async release(fingerprint, holder, settled) {
      const keys = [leaseKey(fingerprint), warehouseJobKey(fingerprint)];
      await redis.eval(RELEASE, 2, ...keys, holder, settled ? 1 : 0);
    },
    async claimWarehouseJob(fingerprint, jobId, lifetimeMs) {
      const key = warehouseJobKey(fingerprint);
      const standing = await redis.set(key, jobId, 'PX', lifetimeMs, 'NX', 'GET');
      return standing ?? jobId;
    },
    async replaceWarehouseJob(fingerprint, jobId, lifetimeMs) {
      await redis.set(warehouseJobKey(fingerprint), jobId, 'PX', lifetimeMs);
    },
  };
}
