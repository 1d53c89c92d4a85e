import { suspendWorker } from '../loads/suspend-worker.ts';
import { defineRow } from '../row.ts';

export default defineRow({
  id: 'K2',
  title: 'A worker’s event loop is blocked',
  injected:
    'code of the catalog spins for 14 s in one of two workers, in its process and not in its threads, while 12 jobs of 2 s run',
  quick: false,
  // A flight whose lease was lost is flown by the other worker at the same job; what becomes stale is asked for again.
  allows: { warehouse: { jobsPerMark: 30 } },
  run: (chaos) =>
    suspendWorker(chaos, {
      suspend: ({ stack }) => void process.kill(stack.workers[0]?.pid ?? 0, 'SIGUSR2'),
      resume: () => undefined,
      lastsMs: 14_000,
    }),
});
