import { startWithout } from '../loads/without-store.ts';
import { defineRow } from '../row.ts';

export default defineRow({
  id: 'D1a',
  title: 'The queue store is down at the start',
  injected:
    'SIGKILL to the Redis server of the queue role, then gateway and workers are started anew; the store comes 4 s later',
  quick: false,
  allows: {
    ends: { gateway: 2, worker: 2 },
    breaks: ['refused', 'reset', 'closed'],
    controlDegrades: true,
    warehouse: { jobsPerMark: 12 },
  },
  run: (chaos) => startWithout(chaos, 'queue'),
});
