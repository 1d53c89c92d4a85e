import { type EventLoopUtilization, performance } from 'node:perf_hooks';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What a heap is judged by and tidied with; of this thread unless a test says otherwise. */
export interface HeapParts {
  /** What V8 has taken for the heap, in bytes. */
  readonly takenBytes: () => number;
  /** The share of the time since the last question that the event loop had something to do. */
  readonly busyShare: () => number;
  readonly collect: () => void;
}

const LOOK_EVERY_MS = 3_000;
/** A thread that has more to do than this has no time for it; nobody waits for one that has less. */
const QUIET_SHARE = 0.3;
/** A heap that has grown by less since it was last tidied is left alone. */
const GROWN_SHARE = 1.25;
const GROWN_BYTES = 4 * 1_024 * 1_024;
/** A heap that a steady load makes large again is not tidied again and again. */
const REST_LOOKS = 10;
/** A collection that has made the heap smaller by less was in vain. */
const SHRUNK_SHARE = 0.95;
/** What one collection has found to be free is often given back by the next: two in vain are enough. */
const IN_VAIN = 2;

/**
 * Gives back what a crowd has made a thread's heap take. V8 does that when it collects, and a quiet thread never comes to
 * collect: 400 MB stayed for good after 2,000 requests at once, and were 150 after a pause of 30 ms. Returns its end.
 */
export function keepTidy(): () => void {
  const look = createTidying(thisThread());
  const timer = setInterval(look, LOOK_EVERY_MS).unref();
  return () => clearInterval(timer);
}

/** One look at the heap: it is tidied when it has grown and its thread is quiet. */
export function createTidying({ takenBytes, busyShare, collect }: HeapParts): () => void {
  let tidyBytes = takenBytes();
  let inVain = IN_VAIN;
  let rest = 0;
  return () => {
    const isQuiet = busyShare() < QUIET_SHARE;
    const bytes = takenBytes();
    rest = Math.max(0, rest - 1);
    if (inVain === IN_VAIN && rest === 0) {
      tidyBytes = Math.min(tidyBytes, bytes);
      if (bytes > tidyBytes * GROWN_SHARE && bytes > tidyBytes + GROWN_BYTES) inVain = 0;
    }
    if (inVain === IN_VAIN || !isQuiet) return;
    collect();
    const leftBytes = takenBytes();
    inVain = leftBytes > bytes * SHRUNK_SHARE ? inVain + 1 : 0;
    if (inVain < IN_VAIN) return;
    // What is still there now is in use.
    tidyBytes = leftBytes;
    rest = REST_LOOKS;
  };
}

function thisThread(): HeapParts {
  let before: EventLoopUtilization = performance.eventLoopUtilization();
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  return {
    takenBytes: () => getHeapStatistics().total_heap_size,
    busyShare() {
      const now = performance.eventLoopUtilization();
      const { utilization } = performance.eventLoopUtilization(now, before);
      before = now;
      return utilization;
    },
    collect,
  };
}
