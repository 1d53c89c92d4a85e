import { slowStore } from '../loads/slow-store.ts';
import { defineRow } from '../row.ts';

export default defineRow({
  id: 'D4a',
  title: 'The queue store is slow',
  injected:
    'every connection to the queue store gets 50 ms more each way, then 300 ms, then 64 kB/s; 4 s of mixed load each',
  quick: false,
  allows: { controlDegrades: false, warehouse: { jobsPerMark: 12 } },
  run: (chaos) => slowStore(chaos, 'queue'),
});
