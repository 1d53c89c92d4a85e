import { TimeoutError } from 'p-timeout';

/** How many parts the time is counted in. */
const PARTS = 4;

/**
 * Waits for a call at most so long, and rejects with a TimeoutError after. The time is counted in parts, and a part counts
 * once however late its timer fires; each gives the sockets a turn. So a process that stands still, or is busy for longer
 * than the bound, does not hold against the other side what it has not sent or read itself.
 */
export async function bounded<T>(call: Promise<T>, milliseconds: number, what: string): Promise<T> {
  const over = Promise.withResolvers<never>();
  const cancel = afterParts(PARTS, milliseconds / PARTS, () =>
    over.reject(new TimeoutError(`${what}: no answer within ${milliseconds} ms`)),
  );
  try {
    return await Promise.race([call, over.promise]);
  } finally {
    cancel();
  }
}

/** Calls `onOver` after so many timers one after the other; the result stops that. */
function afterParts(parts: number, partMs: number, onOver: () => void): () => void {
  let left = parts;
  let timer: NodeJS.Timeout | undefined;
  const next = () => {
    timer = setTimeout(() => setImmediate(count), partMs);
  };
  const count = () => {
    left -= 1;
    if (left === 0) onOver();
    else if (left > 0) next();
  };
  next();
  return () => {
    clearTimeout(timer);
    left = 0;
  };
}
