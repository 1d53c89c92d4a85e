import type { Entry } from '../../shared/entry/entry.ts';
import type { Code } from '../../shared/error-codes.ts';

/** Where a part's rows come from; `none` says that there are no rows to give at all. Worst last. */
const SOURCES = ['fresh', 'live', 'stale', 'fallback', 'none'] as const;
/** See `SOURCES`. */
export type Source = (typeof SOURCES)[number];

/** Why a source is not `fresh` or `live`. */
export type Reason =
  | 'timeout'
  | 'failed'
  | 'breaker-open'
  | 'shed'
  | 'switched'
  | 'store-down'
  | 'revalidating'
  | 'only-if-cached'
  | 'snapshot';

/** What a part gives back. `rows` is a JSON array in UTF-8. */
export type Answer = GivenAnswer | NoAnswer;

/** Rows, and what of their entry decides how old they are. */
export interface Rows {
  readonly rows: Buffer;
  /** The rows as a zstd frame, where they are stored as one. */
  readonly zstd?: Buffer | undefined;
  /** Milliseconds since the epoch; constant rows have none. */
  readonly asOf?: number;
  /** Of the entry, as it was read. */
  readonly outdatedAt?: number | undefined;
  readonly unchangedAt?: number | undefined;
  /** What the rows are filed under; constant rows have none. */
  readonly fingerprint?: string;
}

/** Rows, with the truth about where they come from. */
export interface GivenAnswer extends Rows {
  readonly source: Exclude<Source, 'none'>;
  readonly reason?: Reason;
  /** The rows are those of the query's previous version. */
  readonly isPrevious?: true;
  /** Another request's flight brought the rows. */
  readonly collapsed?: boolean;
}

/** No rows: neither a result in time nor anything stored or declared in its place. */
export interface NoAnswer {
  readonly source: 'none';
  readonly reason: Reason;
  readonly code: Code;
  readonly detail: string;
  /** When it may be worth asking again, where that is known. */
  readonly retryAfterSeconds?: number;
}

/** What an answer takes of an entry. */
export function given({ rows, zstd, asOf, outdatedAt, unchangedAt, fingerprint }: Entry) {
  return { rows, zstd, asOf, outdatedAt, unchangedAt, fingerprint } satisfies Rows;
}

/** The worst source of several answers. */
export function worstSource(answers: readonly Answer[]): Source {
  const rank = (answer: Answer) => SOURCES.indexOf(answer.source);
  return SOURCES[Math.max(0, ...answers.map(rank))] ?? 'none';
}
