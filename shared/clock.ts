/** Tells the time in whole milliseconds since the Unix epoch; a fake one drives the tests of policies. */
export interface Clock {
  now(): number;
}

/** Read once: it never changes, and to read it costs more than the time since. */
const STARTED_AT = performance.timeOrigin;

/** The wall clock as it stood when the process started, moved on by the monotonic one: a later clock step changes nothing. */
export const monotonicClock: Clock = {
  now: () => Math.floor(STARTED_AT + performance.now()),
};

/** What {@link clockFrom} needs in another thread of the same process to tell this clock's time, in milliseconds. */
export function epochOf(clock: Clock): number {
  return clock.now() - processMs();
}

/** Another thread's clock, moved on by what all threads of a process share: `performance.now()` begins anew in each. */
export function clockFrom(epochMs: number): Clock {
  return { now: () => Math.floor(epochMs + processMs()) };
}

function processMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
