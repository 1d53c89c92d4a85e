import type { Clock } from '../shared/clock.ts';
import {
  type ClaimedJob,
  type Conduct,
  LEASE_MS,
  type Leases,
  type TakenLease,
} from '../shared/flight/lease.ts';

/** A lease that is renewed until it is let go. */
export interface HeldLease {
  /** What stood there when it was taken. */
  readonly found: TakenLease;
  /**
   * Aborts when the lease is another's or could not be renewed in time, with the reason `abandon`: the warehouse job
   * belongs to the next holder then, who finds it under its id, and cancelling it would mean paying twice.
   */
  readonly lost: AbortSignal;
  /** Aborts, with the reason `cancel`, once nobody wants the flight any more. */
  readonly unwanted: AbortSignal;
  /** Somebody has said that he wants the flight, and his time is not over. */
  readonly isWanted: boolean;
  /** Stops renewing and frees the lease; `settled` says that the warehouse job will do no more work. */
  letGo(settled: boolean, conduct: Conduct): Promise<void>;
}

/** A wish may be told a moment after the one before has ended: as long as a slow look takes. */
const AFTER_WISH_MS = 300;

/**
 * Takes the lease of a fingerprint, or returns undefined when somebody else flies it. Where nobody has said until when the
 * flight is wanted, it is until `deadline`.
 */
export async function holdLease(
  { leases, clock }: { leases: Leases; clock: Clock },
  fingerprint: string,
  job: ClaimedJob,
  deadline: number,
): Promise<HeldLease | undefined> {
  const holder = crypto.randomUUID();
  const found = await leases.take(fingerprint, holder, job);
  if (found === undefined) return undefined;

  const lost = new AbortController();
  const unwanted = new AbortController();
  let renewedAt = performance.now();
  let wish = found.wantedUntil;
  let isOver = false;
  let timer = setTimeout(() => void renew(), nextRenewalMs());
  return {
    found,
    lost: lost.signal,
    unwanted: unwanted.signal,
    get isWanted() {
      return wish !== undefined && clock.now() < wish;
    },
    async letGo(settled, conduct) {
      isOver = true;
      clearTimeout(timer);
      await leases.release(fingerprint, holder, settled, conduct);
    },
  };

  async function renew(): Promise<void> {
    const askedAt = performance.now();
    const renewed = await leases.renew(fingerprint, holder).catch(() => undefined);
    if (isOver) return;
    if (renewed?.kind === 'held') {
      renewedAt = askedAt;
      wish = renewed.wantedUntil;
      if (clock.now() >= (wish ?? deadline)) unwanted.abort('cancel');
    }
    // An unanswered renewal is not yet a loss: the lease stands until its lifetime is over.
    if (renewed?.kind === 'lost' || performance.now() - renewedAt > LEASE_MS) lost.abort('abandon');
    else timer = setTimeout(() => void renew(), nextRenewalMs());
  }

  /** In time for the lease, and just after the flight's end is due: by then somebody may have asked for more. */
  function nextRenewalMs(): number {
    const dueMs = (wish ?? deadline) - clock.now() + AFTER_WISH_MS;
    return dueMs > 0 ? Math.min(LEASE_MS / 4, dueMs) : LEASE_MS / 4;
  }
}
