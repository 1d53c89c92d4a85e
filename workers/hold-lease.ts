import { type ClaimedJob, LEASE_MS, type Leases } from '../shared/flight/lease.ts';

/**
 * A lease that is renewed until it is let go. `lost` aborts when it is another's or could not be renewed in time; its reason is
 * `abandon`, because the warehouse job belongs to the next holder then, who finds it under its id: cancelling it would mean
 * paying twice.
 */
export interface HeldLease {
  /** Under which id the flight's warehouse job is, or will be, inserted. */
  readonly warehouseJobId: string;
  readonly lost: AbortSignal;
  /** Stops renewing and frees the lease; `settled` says that the warehouse job will do no more work. */
  letGo(settled: boolean): Promise<void>;
}

/** Takes the lease of a fingerprint, or returns undefined when somebody else flies it. */
export async function holdLease(
  leases: Leases,
  fingerprint: string,
  job: ClaimedJob,
): Promise<HeldLease | undefined> {
  const holder = crypto.randomUUID();
  const warehouseJobId = await leases.take(fingerprint, holder, job);
  if (warehouseJobId === undefined) return undefined;

  const lost = new AbortController();
  let renewedAt = performance.now();
  const renew = async () => {
    const askedAt = performance.now();
    const held = await leases.renew(fingerprint, holder).catch(() => undefined);
    if (held === true) renewedAt = askedAt;
    // An unanswered renewal is not yet a loss: the lease stands until its lifetime is over.
    if (held === false || performance.now() - renewedAt > LEASE_MS) lost.abort('abandon');
  };
  const timer = setInterval(() => void renew(), LEASE_MS / 4);
  return {
    warehouseJobId,
    lost: lost.signal,
    async letGo(settled) {
      clearInterval(timer);
      await leases.release(fingerprint, holder, settled);
    },
  };
}
