import {
  type Entry,
  freshness,
  freshUntil,
  isGoodEnough,
  type StaleBound,
} from '../../shared/entry/entry.ts';
import { flightJobFor } from '../../shared/queue/flight-job-for.ts';
import type { FlightResult, Waiting } from '../flights/flights.ts';
import type { GatewayContext } from '../gateway-context.ts';
import type { Phases } from '../http/phases.ts';
import type { Preferences } from '../http/request-preferences.ts';
import { type Answer, given } from './answer.ts';
import { bestHeld, staleMs } from './best-held.ts';
import type { Holdings, Part } from './part.ts';
import {
  BREAKER_OPEN,
  NOT_CACHED,
  type Shortfall,
  shortfallOf,
  STORE_DOWN,
  SWITCHED,
  TIMED_OUT,
} from './shortfall.ts';

/** What all parts of one request share. */
export interface Asking {
  readonly requestId: string;
  readonly preferences: Preferences;
  /** Milliseconds until the answer is due, by the monotonic clock. */
  readonly remainingMs: () => number;
  /** Aborts when the caller has left. */
  readonly gone: AbortSignal;
  readonly phases: Phases;
}

/** Time that composing and sending an answer takes: a wait ends this much before the answer is due. */
const COMPOSE_MS = 20;

/** Answers one part from what is held, or from its flight, or from the best of what is held after all. */
export async function answerPart(
  context: GatewayContext,
  part: Part,
  holdings: Holdings,
  asking: Asking,
): Promise<Answer> {
  const { entry, isPrevious } = holdings;
  const now = context.clock.now();
  const standing = entry && standingFor(part, holdings, entry, asking.preferences, now);
  if (entry && standing === 'fresh') return { ...given(entry), source: 'fresh' };

  const bound = boundInForce(context, part);
  const instead = (shortfall: Shortfall, known = holdings) =>
    bestHeld(part, known, shortfall, asking.preferences, context.clock.now(), bound);
  if (asking.preferences.onlyIfCached) return instead(NOT_CACHED);
  if (context.modeOf(part.query.name) !== 'normal') return instead(SWITCHED);

  // What a flight has read before an invalidation is no news to who asks after it.
  const invalidatedAt = context.epochs.invalidatedAt(part.query.name, part.fingerprint);
  const newerThan = Math.max(isPrevious ? 0 : (entry?.asOf ?? 0), invalidatedAt);
  const job = flightJobFor(part, { requestId: asking.requestId, newerThan, now });
  if (entry && standing === 'revalidate') {
    context.flights.startBehind(job);
    const label = { source: 'stale', reason: 'revalidating' } as const;
    return { ...given(entry), ...label, ...(isPrevious ? { isPrevious } : {}) };
  }
  const held = instead(TIMED_OUT);
  if (bound === 'open' && held.source !== 'none') {
    context.flights.probeBehind(job);
    return instead(BREAKER_OPEN);
  }
  const wait = waitFor(part, held, holdings, asking, now);
  if (wait.waitMs <= 0) return held;
  const result = await context.flights.await(job, wait);
  if (result.kind === 'landed') {
    asking.phases.noteFlight(result.times);
    // What could only not be read at first is as old as it is, and a caller may refuse it.
    const found = { ...holdings, entry: result.entry, isPrevious: false };
    return landed(part, holdings, result, now) ?? instead(STORE_DOWN, found);
  }
  return instead(
    result.kind === 'timeout' && holdings.storeDown ? STORE_DOWN : shortfallOf(result),
  );
}

/** Which stale bound holds now: a breaker that is not closed, or a switch, allows for older entries. */
export function boundInForce(context: GatewayContext, { query }: Part): StaleBound {
  const mode = context.modeOf(query.name);
  if (mode === 'frozen') return 'cap';
  return mode === 'stale-only' || context.breakerFor(query.name).state !== 'closed'
    ? 'open'
    : 'closed';
}

/** What a flight brought is live, what stood there before may be fresh; undefined when it is neither. */
function landed(
  part: Part,
  { storeDown }: Holdings,
  { entry, collapsed }: FlightResult & { kind: 'landed' },
  askedAt: number,
): Answer | undefined {
  if (!storeDown || entry.asOf >= askedAt) return { ...given(entry), source: 'live', collapsed };
  const isFresh = freshness(entry, part.query.policy, askedAt) === 'fresh';
  return isFresh ? { ...given(entry), source: 'fresh' } : undefined;
}

/** The entry's freshness for this caller, who may be stricter than the policy. What would be fresh of this version is a previous one's to be revalidated. */
function standingFor(
  part: Part,
  holdings: Holdings,
  entry: Entry,
  wishes: Preferences,
  now: number,
) {
  const { policy } = part.query;
  const ageMs = Math.max(0, now - entry.asOf);
  const standing = freshness(entry, policy, now);
  const leftMs = freshUntil(entry, policy) - Math.max(now, entry.asOf);
  const tooOld = ageMs > wishes.maxAgeMs || leftMs < wishes.minFreshMs;
  if (wishes.noCache) return 'stale';
  if (standing === 'fresh' && !holdings.isPrevious) return tooOld ? 'stale' : 'fresh';
  if (standing === 'stale' || standing === 'expired') return standing;
  const mayBeStale = ageMs <= wishes.maxAgeMs && wishes.minFreshMs === 0;
  return mayBeStale && staleMs(part, holdings, now) <= wishes.maxStaleMs ? 'revalidate' : 'stale';
}

/**
 * With a stale entry in hand that is good enough, or with a fallback while no entry can be read, only the soft timeout is
 * waited for; else as long as query and answer allow.
 */
function waitFor(
  { query: { policy } }: Part,
  held: Answer,
  { storeDown }: Holdings,
  { remainingMs, gone }: Asking,
  now: number,
): Waiting {
  const isRefresh = held.source === 'stale' && isGoodEnough(held.asOf ?? 0, policy, 'closed', now);
  const isSoft = isRefresh || (storeDown && held.source === 'fallback');
  const longestMs = isSoft ? policy.softTimeoutMs : policy.timeoutMs;
  return { waitMs: Math.min(longestMs, remainingMs() - COMPOSE_MS), isRefresh, gone };
}
