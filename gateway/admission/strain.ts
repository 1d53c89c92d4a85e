import { getHeapStatistics } from 'node:v8';

/** How hard a process itself is pressed. */
export interface Strain {
  /** How late its timers are by now, or were a moment ago. */
  readonly lateMs: number;
  /** The part of its heap that is used, 0 to 1; what is used no more but not yet collected counts. */
  readonly heapShare: number;
}

/** Measures the strain of this process. */
export interface StrainGauge {
  start(): void;
  stop(): void;
  readonly strain: Strain;
}

const EVERY_MS = 100;

/** A gauge whose timer tells how late timers are: by how much the last one was, or this one is while it has not fired. */
export function createStrainGauge(
  now: () => number = () => performance.now(),
  heapShare: () => number = usedHeapShare,
): StrainGauge {
  let dueMs = Number.POSITIVE_INFINITY;
  let lastLateMs = 0;
  let timer: NodeJS.Timeout | undefined;
  const lateMs = () => Math.max(0, now() - dueMs);
  const next = () => {
    dueMs = now() + EVERY_MS;
    timer = setTimeout(() => {
      lastLateMs = lateMs();
      next();
    }, EVERY_MS).unref();
  };
  return {
    start: next,
    stop: () => clearTimeout(timer),
    get strain() {
      return { lateMs: Math.max(lastLateMs, lateMs()), heapShare: heapShare() };
    },
  };
}

function usedHeapShare(): number {
  const { used_heap_size: used, heap_size_limit: limit } = getHeapStatistics();
  return used / limit;
}
