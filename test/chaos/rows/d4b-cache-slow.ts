import { slowStore } from '../loads/slow-store.ts';
import { defineRow } from '../row.ts';

export default defineRow({
  id: 'D4b',
  title: 'The cache store is slow',
  injected:
    'every connection to the cache store gets 50 ms more each way, then 300 ms, then 64 kB/s; 4 s of mixed load each',
  quick: false,
  allows: { controlDegrades: true, warehouse: { jobsPerMark: 12 } },
  run: (chaos) => slowStore(chaos, 'cache'),
});
