import { startWithout } from '../loads/without-store.ts';
import { defineRow } from '../row.ts';

export default defineRow({
  id: 'D1c',
  title: 'Both stores are down at the start',
  injected:
    'SIGKILL to both Redis servers, then gateway and workers are started anew; the store comes 4 s later',
  quick: false,
  allows: {
    ends: { gateway: 2, worker: 2 },
    breaks: ['refused', 'reset', 'closed'],
    controlDegrades: true,
    warehouse: { jobsPerMark: 12 },
  },
  run: (chaos) => startWithout(chaos, 'queue', 'cache'),
});
