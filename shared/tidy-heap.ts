import { type EventLoopUtilization, performance } from 'node:perf_hooks';
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What a thread is judged by and tidied with: its own unless a test says otherwise. */
export interface HeapParts {
  /** The share of the time since the last question that the event loop had something to do. */
  readonly busyShare: () => number;
  /** What the heap takes of the system's memory, and what it holds outside of itself. */
  readonly takenBytes: () => number;
  readonly collect: () => void;
}

const LOOK_EVERY_MS = 3_000;
/** A thread that has less to do than this is quiet: hardly anybody is there to wait for a collection. */
const QUIET_SHARE = 0.1;
/** Half a minute: who comes back sooner finds the compiled code that a collection would have dropped. */
const QUIET_LOOKS = 10;
/** What one collection has found to be free stays in V8's pool of pages until a later one. */
const COLLECTIONS = 4;
/** A heap at rest may take so much more than it took at first, or after its last tidying. */
const ROOM_BYTES = 8 * 1_024 * 1_024;

/**
 * A collection of a quiet heap also shrinks the nursery to 1 MB, from where V8 doubles it for some seconds of load (180
 * collections a second instead of 30, and what they promote asks for a full one every other second), and drops the
 * hidden classes that no object has just then, with the code that was compiled for them. So the nursery grows at once,
 * and classes outlive more than a tidying. V8's own collections of an idle heap, which drop code for the sake of memory, are
 * collections like any other: to give memory back is for the tidying, which looks first whether there is any.
 */
const TIDY_FLAGS = [
  '--expose-gc',
  '--semi-space-growth-factor=16',
  '--retain-maps-for-n-gc=100',
  '--no-memory-reducer-favors-memory',
];

/**
 * Gives back what a crowd has made a thread's heap take, once it has been quiet for half a minute. V8 does that when it
 * collects, and a quiet thread never comes to collect: 400 MB stayed for good after 2,000 requests at once, and were 150 after
 * some collections of 1 to 30 ms. It is not done sooner, and not where a heap has hardly grown: code goes with the garbage,
 * and in the first second after a tidying a gateway answers a third less. Returns its end.
 */
export function keepTidy(lookEveryMs = LOOK_EVERY_MS): () => void {
  const look = createTidying(thisThread());
  const timer = setInterval(look, lookEveryMs).unref();
  return () => clearInterval(timer);
}

/** One look at a thread: if work has made its heap grow it is tidied after, one collection a look, as long as it stays quiet. */
export function createTidying({ busyShare, takenBytes, collect }: HeapParts): () => void {
  let due = 0;
  let quietLooks = 0;
  let restBytes = takenBytes();
  return () => {
    if (busyShare() >= QUIET_SHARE) {
      due = COLLECTIONS;
      quietLooks = 0;
      return;
    }
    quietLooks++;
    if (due === 0 || quietLooks < QUIET_LOOKS) return;
    if (due === COLLECTIONS && takenBytes() <= restBytes + ROOM_BYTES) {
      due = 0;
      return;
    }
    due--;
    collect();
    restBytes = takenBytes();
  };
}

function thisThread(): HeapParts {
  let before: EventLoopUtilization = performance.eventLoopUtilization();
  for (const flag of TIDY_FLAGS) setFlagsFromString(flag);
  const collect = runInNewContext('gc') as () => void;
  return {
    busyShare() {
      const now = performance.eventLoopUtilization();
      const { utilization } = performance.eventLoopUtilization(now, before);
      before = now;
      return utilization;
    },
    takenBytes() {
      const { total_heap_size, external_memory } = getHeapStatistics();
      return total_heap_size + external_memory;
    },
    collect,
  };
}
