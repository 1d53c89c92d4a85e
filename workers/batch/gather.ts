import { setTimeout as pause } from 'node:timers/promises';

/** Puts those who come within a few milliseconds into one departure. */
export interface Gathering<Rider> {
  /** Lets somebody wait with those of his group; with `most` of them they depart at once. */
  join(group: string, rider: Rider, most: number): void;
}

/** How long is waited for others, while no departure of the group is under way; each that is makes it {@link PATIENCE} times as long, up to the longest. */
export interface GatheringTimes {
  /** Nobody else has come for so long: they depart. */
  readonly gapMs: number;
  /** Nobody waits longer than this. */
  readonly windowMs: number;
  readonly longestMs: number;
  /** A departure of several counts as under way for so long at least. */
  readonly rememberedMs: number;
}

/** One who is alone waits about the time that a crowd needs to show itself; a crowd, for as long as it keeps coming. */
const TIMES: GatheringTimes = { gapMs: 5, windowMs: 50, longestMs: 400, rememberedMs: 1_000 };

/**
 * By how much patience grows with each departure under way: 5 ms become 20, 80 and 320. Who comes while others fly shows a
 * crowd, and every further job that it needs is paid for.
 */
const PATIENCE = 4;

interface Group<Rider> {
  waiting: Rider[];
  /** Takes the departure back that is due next. */
  stay: () => void;
  /** By the monotonic clock. */
  departsAtMs: number;
  underWay: number;
}

/** A gathering with nobody in it; `depart` is called with those who go together, and must not reject. */
export function createGathering<Rider>(
  depart: (riders: readonly Rider[]) => Promise<void>,
  { gapMs, windowMs, longestMs, rememberedMs }: GatheringTimes = TIMES,
): Gathering<Rider> {
  const groups = new Map<string, Group<Rider>>();
  const leave = (name: string, group: Group<Rider>) => {
    group.stay();
    const riders = group.waiting;
    group.waiting = [];
    group.underWay += 1;
    // One who has gone alone, and has arrived, shows no crowd.
    const remembered = riders.length > 1 && pause(rememberedMs, undefined, { ref: false });
    void Promise.all([depart(riders), remembered]).finally(() => {
      group.underWay -= 1;
      if (group.underWay === 0 && group.waiting.length === 0) groups.delete(name);
    });
  };
  return {
    join(name, rider, most) {
      const nowMs = performance.now();
      const group = groups.get(name) ?? newGroup();
      groups.set(name, group);
      const patience = PATIENCE ** group.underWay;
      if (group.waiting.length === 0)
        group.departsAtMs = nowMs + Math.min(longestMs, windowMs * patience);
      group.waiting.push(rider);
      group.stay();
      if (group.waiting.length >= most) return leave(name, group);
      const waitMs = Math.max(0, Math.min(gapMs * patience, group.departsAtMs - nowMs));
      group.stay = later(() => leave(name, group), waitMs);
    },
  };
}

function newGroup<Rider>(): Group<Rider> {
  return { waiting: [], stay: () => undefined, departsAtMs: 0, underWay: 0 };
}

/** Calls after so long, once the sockets have had a turn: who is late because this process was busy still counts. Returns the way to stop it. */
function later(call: () => void, ms: number): () => void {
  let turn: NodeJS.Immediate | undefined;
  const timer = setTimeout(() => {
    turn = setImmediate(call);
  }, ms);
  return () => {
    clearTimeout(timer);
    clearImmediate(turn);
  };
}
