/** Lets one statement write at a time; the others wait in line. */
export interface WriteLock {
  hold<T>(work: () => Promise<T>): Promise<T>;
}

/** Makes a lock that nobody holds. */
export function createWriteLock(): WriteLock {
  let last: Promise<unknown> = Promise.resolve();
  return {
    hold(work) {
      const mine = last.then(work);
      last = mine.catch(() => undefined);
      return mine;
    },
  };
}
