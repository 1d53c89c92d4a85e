/**
 * What a process of the fleet says of a breaker. `order` is given by the board: of two pieces of news, the higher is the
 * later. `by` is the teller's own: the failed probe, or a random id.
 */
export type BreakerNews = Opening | { readonly kind: 'closed'; readonly order: number };

interface Opening {
  readonly kind: 'opened';
  readonly order: number;
  readonly forMs: number;
  readonly by: string;
}

/** The wish to make the one probe of the fleet. */
export interface ProbeClaim {
  /** Random; tells one probe from the next. */
  readonly id: string;
  /** The place frees itself after so long. */
  readonly forMs: number;
  /** The order of the last news that the claimant has heard. */
  readonly heard: number;
}

/** What a claim comes to. `holder` names the probe or the opening that has the place; `closed` is news that the claimant has missed. */
export type ClaimResult =
  | { readonly kind: 'probe' }
  | { readonly kind: 'busy'; readonly holder: string }
  | { readonly kind: 'closed'; readonly order: number };

/**
 * What the processes of a fleet tell each other of their breakers. A hint and never the authority: every method may
 * reject or hang, and what is heard may be late, twice, in any order, or lost.
 */
export interface BreakerBoard {
  /** Says that a breaker has opened, and holds the probe's place for as long. Returns the news' order. */
  opened(name: string, forMs: number, by: string): Promise<number>;
  /** Says that a breaker has closed, by this probe. Returns the news' order. */
  closed(name: string, by: string): Promise<number>;
  /** Takes the probe's place if it is free. */
  claimProbe(name: string, claim: ProbeClaim): Promise<ClaimResult>;
  /** Gives the place back, if this probe still has it. */
  freeProbe(name: string, probeId: string): Promise<void>;
  /** How things stand for one who has heard nothing yet; an opening whose time is over has 1 ms left. */
  look(name: string): Promise<BreakerNews | undefined>;
  /** Hears all news of a breaker, one's own among it, and how it stands whenever the board is reached anew; returns what ends that. */
  hear(name: string, listener: (news: BreakerNews) => void): () => void;
}
