/** Tells the time in whole milliseconds since the Unix epoch; a fake one drives the tests of policies. */
export interface Clock {
  now(): number;
}

/** The wall clock as it stood when the process started, moved on by the monotonic one: a later clock step changes nothing. */
export const monotonicClock: Clock = {
  now: () => Math.floor(performance.timeOrigin + performance.now()),
};
