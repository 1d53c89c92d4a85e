/** How often a thread shows that its event loop turns. */
const BEAT_MS = 250;

/** Counts up in the shared memory, at once and for as long as the event loop turns, without keeping the thread alive. */
export function startBeat(beat: Int32Array): void {
  Atomics.add(beat, 0, 1);
  setInterval(() => Atomics.add(beat, 0, 1), BEAT_MS).unref();
}
