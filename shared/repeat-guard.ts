/** Lets something through once per `everyMs` and counts what it held back: log lines of a fault that repeats itself. */
export function createRepeatGuard(everyMs: number, now: () => number = () => performance.now()) {
  const seen = new Map<string, { at: number; held: number }>();
  return (key: string, pass: (held: number) => void): void => {
    const last = seen.get(key);
    if (last && now() - last.at < everyMs) {
      last.held++;
      return;
    }
    if (seen.size > 200) seen.clear();
    seen.set(key, { at: now(), held: 0 });
    pass(last?.held ?? 0);
  };
}
