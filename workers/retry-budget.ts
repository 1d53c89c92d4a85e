/** Says whether something that failed may be tried again: so seldom that an outage is not made worse by those who try. */
export interface RetryBudget {
  /** A first try is made, and earns its share of a retry. */
  earn(): void;
  /** Takes a retry, if there is one. */
  spend(): boolean;
}

/** A full budget: each first try earns `share` of a retry, and at most `most` are saved up. */
export function createRetryBudget({ share, most }: { share: number; most: number }): RetryBudget {
  let saved = most;
  return {
    earn() {
      saved = Math.min(most, saved + share);
    },
    spend() {
      if (saved < 1) return false;
      saved -= 1;
      return true;
    },
  };
}
