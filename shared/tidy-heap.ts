import { type EventLoopUtilization, performance } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What a thread is judged by and tidied with: its own unless a test says otherwise. */
export interface HeapParts {
  /** The share of the time since the last question that the event loop had something to do. */
  readonly busyShare: () => number;
  /** What the process takes of the system's memory. */
  readonly takenBytes: () => number;
  readonly collect: () => void;
}

/** A crowd that is answered within a tenth of this makes a process grow, and is seen. */
const LOOK_EVERY_MS = 1_000;
/** A thread that has less to do than this in every look is quiet: hardly anybody is there to wait for a collection. */
const QUIET_SHARE = 0.1;
/** Half a minute: who comes back sooner finds the compiled code that a collection drops. */
const QUIET_LOOKS = 30;
/** A process at rest may take so much more than the least that it has taken since its start, or since its last tidying. */
const ROOM_BYTES = 12 * 1_024 * 1_024;

/**
 * A collection of a quiet heap shrinks the nursery to 1 MB, from where V8 doubles it for some seconds of load (180 collections
 * a second instead of 30, and what they promote asks for a full one every other second), and drops the hidden classes that
 * no object has just then, with the code that was compiled for them. So the nursery grows at once, and classes outlive some
 * collections. V8's own of an idle heap, which come after eight seconds and drop code for the sake of memory, are collections
 * like any other: to give memory back is for the tidying, which comes later and looks first whether there is any.
 */
const TIDY_FLAGS = [
  '--expose-gc',
  '--semi-space-growth-factor=16',
  '--retain-maps-for-n-gc=100',
  '--no-memory-reducer-favors-memory',
];

/**
 * The one kind of collection after which the system has the memory: what all others find to be free stays in V8's pool of
 * pages (a gateway with a heap of 37 MB took 220, 65 of them in the pool).
 */
const COLLECT = "gc({ type: 'major', flavor: 'last-resort' })";

/**
 * Gives back what a crowd has made a process take, once a thread of it has been quiet for half a minute: by one collection,
 * which takes some 2 ms per MB of what is in use. It is not done sooner, and not where hardly anything would come back: code
 * goes with the garbage, and in the first second after a tidying a gateway answers a third less. Returns its end.
 */
export function keepTidy(lookEveryMs = LOOK_EVERY_MS): () => void {
  const look = createTidying(thisThread());
  const timer = setInterval(look, lookEveryMs).unref();
  return () => clearInterval(timer);
}

/** One look at a thread: if work has made its process grow, there is a collection once it has been quiet for long. */
export function createTidying({ busyShare, takenBytes, collect }: HeapParts): () => void {
  let hasWorked = false;
  let quietLooks = 0;
  let restBytes = takenBytes();
  return () => {
    // Other threads of the process may give back later than this one.
    restBytes = Math.min(restBytes, takenBytes());
    if (busyShare() >= QUIET_SHARE) {
      hasWorked = true;
      quietLooks = 0;
      return;
    }
    if (!hasWorked || ++quietLooks < QUIET_LOOKS) return;
    hasWorked = false;
    if (takenBytes() <= restBytes + ROOM_BYTES) return;
    collect();
    restBytes = takenBytes();
  };
}

function thisThread(): HeapParts {
  let before: EventLoopUtilization = performance.eventLoopUtilization();
  for (const flag of TIDY_FLAGS) setFlagsFromString(flag);
  const collect = runInNewContext(`() => ${COLLECT}`) as () => void;
  return {
    busyShare() {
      const now = performance.eventLoopUtilization();
      const { utilization } = performance.eventLoopUtilization(now, before);
      before = now;
      return utilization;
    },
    takenBytes: () => process.memoryUsage.rss(),
    collect,
  };
}
