const LOOK_MS = 1_000;
/** No honest transform computes for so long without a pause. */
const SILENT_MS = 5_000;

/**
 * Looks at a thread's beat once a second, and tells when it has made none for five seconds. Before the first beat the
 * thread is still loading, and silence means nothing. Returns the way to stop.
 */
export function watchBeat(beat: Int32Array, onSilence: () => void): () => void {
  const look = createLook(onSilence);
  const timer = setInterval(() => look(Atomics.load(beat, 0), performance.now()), LOOK_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** One look at the count of beats; `at` is milliseconds on the monotonic clock. */
export function createLook(onSilence: () => void): (count: number, at: number) => void {
  let lastCount = 0;
  let lastAt = 0;
  let silentMs = 0;
  return (count, at) => {
    // After a pause of this process a look is worth one second: the thread may have paused with it.
    const passedMs = Math.min(at - lastAt, LOOK_MS);
    silentMs = count === 0 || count !== lastCount ? 0 : silentMs + passedMs;
    lastCount = count;
    lastAt = at;
    if (silentMs >= SILENT_MS) onSilence();
  };
}
