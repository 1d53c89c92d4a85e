import type { FlightTimes } from '../../shared/flight/landing.ts';

/**
 * Where a request's time goes, in the order in which it does: reading it and finding out what is asked (`memory`), looking
 * into the store (`redis`), waiting for flights (`queue`, less what the one that landed last has spent), the warehouse and
 * its rows (`run`), writing and compressing them (`encode`), putting the answer together (`compose`).
 */
export type Phase = 'memory' | 'redis' | 'queue' | 'run' | 'encode' | 'compose';

/** A request's clock: it is always in one phase, so the phases add up to the whole. */
export interface Phases {
  enter(phase: Phase): void;
  /** The waiting was for this flight; the last one counts, for it is the one that was waited for. */
  noteFlight(times: FlightTimes | undefined): void;
  /** `Server-Timing` up to now. */
  tell(): string;
}

/** Starts the clock in the phase `memory`; `now` gives milliseconds of a monotonic clock. */
export function startPhases(now: () => number = () => performance.now()): Phases {
  const spentMs = new Map<Phase, number>();
  let phase: Phase = 'memory';
  let sinceMs = now();
  let flight: FlightTimes | undefined;
  const turn = () => {
    const nowMs = now();
    spentMs.set(phase, (spentMs.get(phase) ?? 0) + nowMs - sinceMs);
    sinceMs = nowMs;
  };
  return {
    enter(next) {
      turn();
      phase = next;
    },
    noteFlight: (times) => (flight = times),
    tell() {
      turn();
      const { queue = 0, ...others } = Object.fromEntries(spentMs) as Partial<
        Record<Phase, number>
      >;
      // What the worker's clock counts may have begun before this request came.
      const flownMs = Math.min(queue, flight?.ranMs ?? 0);
      const encode = Math.min(flownMs, flight?.encodeMs ?? 0);
      const all = { ...others, queue: queue - flownMs, run: flownMs - encode, encode };
      return tellTiming(ORDER.map((name) => [name, all[name] ?? 0]));
    },
  };
}

const ORDER: readonly Phase[] = ['memory', 'redis', 'queue', 'run', 'encode', 'compose'];

/** What takes less than a millisecond, by its microseconds: to write a fraction anew costs a twentieth of an answer from memory. */
const shortTimes: string[] = [];

/** `Server-Timing` of what was in the phase `memory` from its beginning to its end. */
export function tellMemory(ms: number): string {
  const micros = Math.round(ms * 1_000);
  if (micros >= 1_000) return onlyMemory(micros);
  return (shortTimes[micros] ??= onlyMemory(micros));
}

function onlyMemory(micros: number): string {
  const ms = micros / 1_000;
  return `memory;dur=${ms}, total;dur=${ms}`;
}

/** `Server-Timing` (W3C): the phases that took any time, in milliseconds, and their sum. */
function tellTiming(phases: readonly (readonly [Phase, number])[]): string {
  let text = '';
  let totalMs = 0;
  for (const [name, ms] of phases) {
    totalMs += ms;
    if (ms > 0) text += `${name};dur=${ms.toFixed(3)}, `;
  }
  return `${text}total;dur=${totalMs.toFixed(3)}`;
}
