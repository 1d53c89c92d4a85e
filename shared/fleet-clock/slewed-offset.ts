import type { Clock } from '../clock.ts';

/** An offset to a clock that is corrected without ever letting the sum go back. */
export interface SlewedOffset {
  /** Milliseconds to add to the clock when it shows this. */
  at(clockMs: number): number;
  /** Where it is, or is going to. */
  readonly targetMs: number;
  /** Forward it goes at once; back it goes by halving the clock's pace, unless it may jump. */
  moveTo(targetMs: number, mayJump: boolean): void;
}

/** An offset of nothing. */
export function createSlewedOffset(clock: Clock): SlewedOffset {
  let target = 0;
  let reached = 0;
  let reachedAt = clock.now();
  const at = (clockMs: number) => {
    if (reached !== target) reached = Math.max(target, reached - (clockMs - reachedAt) / 2);
    reachedAt = clockMs;
    return reached;
  };
  return {
    at,
    get targetMs() {
      return target;
    },
    moveTo(targetMs, mayJump) {
      at(clock.now());
      target = targetMs;
      if (mayJump) reached = targetMs;
    },
  };
}
