import { createHash } from 'node:crypto';
import type { Policy } from '../../shared/catalog/policy.ts';
import { freshUntil as entryFreshUntil } from '../../shared/entry/entry.ts';
import { type Answer, worstSource } from '../answer/answer.ts';
import { ageSeconds, oldestAsOf } from './envelope.ts';

/** An answer beside the policy of its query. */
export interface JudgedAnswer {
  readonly answer: Answer;
  readonly policy: Policy;
}

/** The headers that say how fresh an answer is: the same facts as in its envelope. `tag` is its {@link entityTag}. */
export function freshnessHeaders(
  parts: readonly JudgedAnswer[],
  tag: string,
  now: number,
): Record<string, string> {
  const answers = parts.map(({ answer }) => answer);
  const asOf = oldestAsOf(answers);
  return {
    'Cache-Status': cacheStatus(parts, now),
    'Cache-Control': cacheControl(parts, asOf, now),
    ETag: tag,
    Vary: 'Accept-Encoding',
    ...(asOf === undefined ? {} : { Age: String(ageSeconds(asOf, now)) }),
  };
}

/** RFC 9211: one member, for the part that is worst off. `ttl` below zero says how long ago it stopped being fresh. */
function cacheStatus(parts: readonly JudgedAnswer[], now: number): string {
  const worst = worstSource(parts.map(({ answer }) => answer));
  const candidates = parts.filter(({ answer }) => answer.source === worst);
  const [part] = candidates.toSorted((a, b) => freshUntil(a) - freshUntil(b));
  if (!part) return 'punctual';
  const { answer } = part;
  const until = freshUntil(part);
  // What was fresh when it was looked up is never told as stale, however long composing the answer took.
  const leastMs = answer.source === 'fresh' ? 0 : Number.NEGATIVE_INFINITY;
  const ttlSeconds = Math.ceil(Math.max(leastMs, until - now) / 1_000);
  const ttl = Number.isFinite(until) ? `; ttl=${ttlSeconds}` : '';
  const detail = answer.reason ? `; detail=${answer.reason}` : '';
  switch (answer.source) {
    case 'fresh':
      return `punctual; hit${ttl}`;
    case 'live':
      return `punctual; fwd=miss; stored${ttl}${answer.collapsed ? '; collapsed' : ''}`;
    case 'stale':
      return `punctual; hit${ttl}${detail}`;
    case 'fallback':
    case 'none':
      return `punctual; fwd=miss${detail}`;
    default:
      return answer satisfies never;
  }
}

/** The instant at which an answer stops being fresh; constant rows and no rows have none, and sort before all others. A previous version's are old from the start. */
export function freshUntil({ answer, policy }: JudgedAnswer): number {
  if (answer.source === 'none' || answer.asOf === undefined) return Number.NEGATIVE_INFINITY;
  const { asOf, outdatedAt, unchangedAt, isPrevious } = answer;
  return isPrevious ? asOf : entryFreshUntil({ asOf, outdatedAt, unchangedAt }, policy);
}

/** RFC 9111: `max-age` counts from `asOf`, as `Age` does. What is degraded must be asked for again. */
function cacheControl(
  parts: readonly JudgedAnswer[],
  asOf: number | undefined,
  now: number,
): string {
  const source = worstSource(parts.map(({ answer }) => answer));
  if (source === 'none' || source === 'fallback' || asOf === undefined) return 'no-store';
  if (source === 'stale') return 'public, max-age=0, must-revalidate';
  const remainingMs = Math.max(0, Math.min(...parts.map(freshUntil)) - now);
  const maxAge = ageSeconds(asOf, now) + Math.ceil(remainingMs / 1_000);
  const revalidate = Math.min(...parts.map(({ policy }) => policy.revalidateForMs)) / 1_000;
  return `public, max-age=${maxAge}, stale-while-revalidate=${Math.floor(revalidate)}`;
}

/**
 * Weak (RFC 9110, section 8.8.1): two answers with the same rows differ in their request id and timings, and the one that
 * brought an entry is equal to those that find it; but an answer that is degraded, and why, is another one.
 */
export function entityTag(answers: readonly Answer[], variant: string): string {
  const hash = createHash('sha256').update(variant);
  for (const answer of answers) {
    const label = answer.source === 'live' ? 'fresh' : answer.source;
    hash.update(`\0${label}\0${answer.reason ?? ''}\0`);
    if (answer.source === 'none') continue;
    // A previous version's rows are brought to the columns of this one, so that the same entry has several texts.
    if (answer.fingerprint === undefined || answer.isPrevious) hash.update(answer.rows);
    if (answer.fingerprint !== undefined) hash.update(`${answer.fingerprint}\0${answer.asOf}`);
  }
  return `W/"${hash.digest('base64url').slice(0, 27)}"`;
}

/** Whether `If-None-Match` names this tag (weak comparison, RFC 9110, section 13.1.2). */
export function matchesTag(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  // Mostly it comes back as it was given.
  if (header === tag) return true;
  const opaque = (text: string) => text.trim().replace(/^W\//, '');
  return header.trim() === '*' || header.split(',').some((one) => opaque(one) === opaque(tag));
}
