import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Gauge, type Registry } from 'prom-client';

/** How often the loop is asked how late it is; a delay shorter than this is not seen. */
const RESOLUTION_MS = 10;
const NANOSECONDS = 1e9;

/** Shows how late this process's event loop has been since the last look, and what it holds in memory. Returns the end of it. */
export function showProcess(register: Registry): () => void {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delay.enable();
  const late: Gauge<'quantile'> = new Gauge({
    name: 'punctual_event_loop_delay_seconds',
    help: 'How late the event loop was since the last look; the worst of all processes',
    labelNames: ['quantile'],
    aggregator: 'max',
    registers: [register],
    collect() {
      for (const quantile of ['0.5', '0.99', '1'])
        late.set({ quantile }, lateSeconds(delay.percentile(Number(quantile) * 100)));
      delay.reset();
    },
  });
  const held: Gauge<'kind'> = new Gauge({
    name: 'punctual_process_bytes',
    help: 'Memory of a process: resident, and of that what V8 has taken, uses, and holds outside of its heap; the most of all processes',
    labelNames: ['kind'],
    aggregator: 'max',
    registers: [register],
    collect() {
      const { rss, heapTotal, heapUsed, external } = process.memoryUsage();
      held.set({ kind: 'resident' }, rss);
      held.set({ kind: 'heap' }, heapTotal);
      held.set({ kind: 'heap-used' }, heapUsed);
      held.set({ kind: 'external' }, external);
    },
  });
  return () => delay.disable();
}

/** What is measured is the time between two timers: that of a loop which is never late is the resolution itself. */
function lateSeconds(nanoseconds: number): number {
  return Math.max(0, nanoseconds / NANOSECONDS - RESOLUTION_MS / 1_000);
}
