import { suspendWorker } from '../loads/suspend-worker.ts';
import { defineRow } from '../row.ts';

export default defineRow({
  id: 'K3a',
  title: 'A worker is frozen and comes back as a zombie with results',
  injected:
    'SIGSTOP to one of two workers while 12 jobs of 2 s run, SIGCONT after 13 s: within the time of its flights',
  quick: false,
  // What becomes stale is asked for again.
  allows: { warehouse: { jobsPerMark: 30 } },
  run: (chaos) =>
    suspendWorker(chaos, {
      suspend: ({ stack }) => stack.workers[0]?.freeze(),
      resume: ({ stack }) => stack.workers[0]?.thaw(),
      lastsMs: 13_000,
    }),
});
