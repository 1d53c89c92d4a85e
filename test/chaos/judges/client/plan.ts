/**
 * One request; `{n}` in path and key becomes the running number of the request in its plan, and `{cursor}` in the path
 * the cursor to the next page after the last answer of the plan to the same question.
 */
export interface Question {
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** What every row of the answer must carry as its `key`; anything goes when left out. */
  readonly key?: string;
  /** The declared bounds of the query's entries. */
  readonly bounds?: Bounds;
  /** Asks whether the last answer of the plan to the same question still holds: `If-None-Match`. */
  readonly revalidates?: boolean;
}

/** How old an answer may be, by what its query declares. */
export interface Bounds {
  readonly freshForMs: number;
  readonly staleForMs: number;
}

/** When requests are sent: all at the same time, at a steady rate whatever becomes of them, or one after the other. */
export type Arrival =
  | { readonly kind: 'at-once'; readonly count: number }
  | { readonly kind: 'rate'; readonly perSecond: number; readonly forMs?: number }
  | { readonly kind: 'in-turn'; readonly count?: number; readonly pauseMs?: number };

/** A connection's end that is no fault in this plan. */
export type Breakage = 'refused' | 'reset' | 'closed' | 'hang';

/** A load. Rates and turns without an end go on until they are told to stop. */
export interface Plan {
  readonly name: string;
  readonly origin: string;
  /** Asked in turn, over and over. */
  readonly questions: readonly Question[];
  readonly arrival: Arrival;
  /** Whether connections are kept for the next request, or each request has its own. */
  readonly keepAlive?: boolean;
  /** The client goes away at a random instant within this time, for this share of the requests. */
  readonly leaves?: { readonly withinMs: number; readonly share: number };
  readonly tolerates?: readonly Breakage[];
}
