import type { Clock } from '../../shared/clock.ts';
import type { Code } from '../../shared/error-codes.ts';
import type { Landings } from '../../shared/flight/landings.ts';
import type { FlightJob } from '../../shared/queue/flight-job.ts';

const FIRST_MS = 500;
/** Short enough that what works again is seen again within seconds; the breaker of the query holds the rest back. */
const LONGEST_MS = 3_000;

/** Where the last failure is looked up. */
export interface RestingParts {
  readonly landings: Pick<Landings, 'look'>;
  readonly clock: Clock;
  readonly refreshNotStarted: (job: FlightJob, error: unknown) => void;
}

/** Why a refresh is not started now: the last flight's failure, or that it cannot be looked up. */
export type Rest =
  | { readonly kind: 'failed'; readonly code: Code; readonly detail: string }
  | { readonly kind: 'store-down'; readonly detail: string };

/** The failure after which a fingerprint still rests: a refresh that has just failed is not repeated at once. */
export async function failureToRestAfter(
  { landings, clock, refreshNotStarted }: RestingParts,
  job: FlightJob,
): Promise<Rest | undefined> {
  try {
    const { landing, failures } = await landings.look(job.fingerprint);
    if (landing?.outcome !== 'failed') return undefined;
    if (clock.now() >= landing.at + restMs(failures)) return undefined;
    return { kind: 'failed', code: landing.code, detail: landing.detail };
  } catch (error) {
    refreshNotStarted(job, error);
    return { kind: 'store-down', detail: String(error) };
  }
}

/** How long a fingerprint rests after so many failures in a row (milliseconds), spread by a quarter either way. */
export function restMs(failures: number, random: () => number = Math.random): number {
  const ms = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 10));
  return ms * (0.75 + random() / 2);
}
