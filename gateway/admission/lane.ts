/**
 * One class's way to the warehouse, as far as one gateway process knows it: what the last look at the fleet showed, and what
 * this process has added since, less what the fleet will have done meanwhile.
 */
export interface Lane {
  /** A look at the fleet begins: what is added from now on may not be seen by it, and stays counted. */
  look(): void;
  /** Takes over what the look showed. */
  see(seen: SeenLane, atMs: number): void;
  /** Counts a flight that this process has added; `meanMs` is what one of its query usually takes, if that is known. */
  add(atMs: number, meanMs: number | undefined): void;
  /** About how many flights no worker has taken yet. */
  queued(atMs: number): number;
  /**
   * How long a flight that is added now waits for a place, by Little's law: as many flights as stand before it must end
   * first, and the places together end one every mean/places. 0 while a place is free. `ownMeanMs` is used as long as
   * nothing is known of those ahead; undefined when it is not known either, or no place is.
   */
  waitMs(atMs: number, ownMeanMs: number | undefined): number | undefined;
}

/** A class as the fleet shows it. */
export interface SeenLane {
  /** Flights that no worker has taken. */
  readonly depth: number;
  /** Flights that workers have taken: in the warehouse, or waiting for room there. */
  readonly taken: number;
  readonly places: number;
}

/** About so many of the last flights added say what those ahead take. */
const MIX = 20;

/** A lane of which nothing has been seen: nothing is ahead, and no place is known. */
export function createLane(): Lane {
  let seen: SeenLane = { depth: 0, taken: 0, places: 0 };
  let addedSinceLook = 0;
  let ahead = 0;
  let countedAtMs = 0;
  let mixMs: number | undefined;

  const countTo = (atMs: number) => {
    const endedSince = mixMs ? (Math.max(0, atMs - countedAtMs) * seen.places) / mixMs : 0;
    ahead = Math.max(0, ahead - endedSince);
    countedAtMs = atMs;
    return ahead;
  };

  return {
    look() {
      addedSinceLook = 0;
    },
    see(now, atMs) {
      seen = now;
      ahead = now.depth + now.taken + addedSinceLook;
      countedAtMs = atMs;
    },
    add(atMs, meanMs) {
      countTo(atMs);
      ahead += 1;
      addedSinceLook += 1;
      if (meanMs !== undefined) mixMs = mixMs === undefined ? meanMs : mixed(mixMs, meanMs);
    },
    queued: (atMs) => Math.max(0, countTo(atMs) - seen.taken),
    waitMs(atMs, ownMeanMs) {
      const before = countTo(atMs) - seen.places + 1;
      if (before <= 0) return 0;
      const eachMs = mixMs ?? ownMeanMs;
      return eachMs === undefined || seen.places === 0
        ? undefined
        : (before * eachMs) / seen.places;
    },
  };
}

function mixed(mixMs: number, oneMs: number): number {
  return mixMs + (oneMs - mixMs) / MIX;
}
