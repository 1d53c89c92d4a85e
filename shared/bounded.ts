import pTimeout from 'p-timeout';

/**
 * Waits for a call at most so long, and rejects with a TimeoutError after. The timer gives the sockets one more turn
 * before it counts: in a process that was busy for longer than the bound, the answer may have lain there all the time.
 */
export function bounded<T>(call: Promise<T>, milliseconds: number, what: string): Promise<T> {
  return pTimeout(call, {
    milliseconds,
    message: `${what}: no answer within ${milliseconds} ms`,
    customTimers: { setTimeout: setPatientTimeout, clearTimeout },
  });
}

const setPatientTimeout = ((fire: () => void, milliseconds: number) =>
  setTimeout(() => setImmediate(fire), milliseconds)) as typeof setTimeout;
