import type { FleetClockParts } from '../../../shared/fleet-clock/fleet-clock.ts';

/** Clocks that a test sets: how far each is off from a true time that passes when it is told to. */
export interface SkyOfClocks extends FleetClockParts {
  readonly trueTime: number;
  readonly offMs: Record<string, number>;
  /** The servers that cannot be reached. */
  readonly away: Set<string>;
  pass(ms: number): void;
}

/** An own clock and two servers, off by as much as told. */
export function skyOfClocks(offMs: Record<string, number>): SkyOfClocks {
  let trueTime = 1_763_683_200_000;
  const away = new Set<string>();
  const ownOffMs = offMs['own'] ?? 0;
  const reader = (name: string) => async () => {
    if (away.has(name)) throw new Error('away');
    return trueTime + (offMs[name] ?? 0);
  };
  return {
    own: { now: () => trueTime + ownOffMs },
    readers: { queue: reader('queue'), cache: reader('cache') },
    offMs,
    away,
    get trueTime() {
      return trueTime;
    },
    pass(ms) {
      trueTime += ms;
    },
  };
}
