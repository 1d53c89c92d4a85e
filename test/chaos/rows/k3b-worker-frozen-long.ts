import { suspendWorker } from '../loads/suspend-worker.ts';
import { defineRow } from '../row.ts';

export default defineRow({
  id: 'K3b',
  title: 'A worker is frozen and comes back long after its flights are over',
  injected:
    'SIGSTOP to one of two workers while 12 jobs of 2 s run, SIGCONT after 60 s (20 s in haste)',
  quick: false,
  // What becomes stale is asked for again.
  allows: { warehouse: { jobsPerMark: 70 } },
  run: (chaos) =>
    suspendWorker(chaos, {
      suspend: ({ stack }) => stack.workers[0]?.freeze(),
      resume: ({ stack }) => stack.workers[0]?.thaw(),
      lastsMs: chaos.isStrict ? 60_000 : 20_000,
    }),
});
