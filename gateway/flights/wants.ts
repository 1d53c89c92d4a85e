/** Until when a flight is wanted, by all who want it in this process. */
export interface Wants {
  /** Wants it until an instant (milliseconds since the epoch); the result takes the wish back. */
  add(until: number): () => void;
  /** The latest of the wishes that stand; 0 when there are none. */
  readonly until: number;
}

/** No wishes yet; `onNone` hears when the last one has been taken back. */
export function createWants(onNone: () => void): Wants {
  const wishes = new Set<{ readonly until: number }>();
  return {
    add(until) {
      const wish = { until };
      wishes.add(wish);
      return () => {
        if (wishes.delete(wish) && wishes.size === 0) onNone();
      };
    },
    get until() {
      let latest = 0;
      for (const { until } of wishes) latest = Math.max(latest, until);
      return latest;
    },
  };
}
