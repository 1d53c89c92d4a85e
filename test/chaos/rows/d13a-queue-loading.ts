import { loadWhileAsked } from '../loads/load-while-asked.ts';
import { defineRow } from '../row.ts';

export default defineRow({
  id: 'D13a',
  title: 'The queue store is loading for a long time',
  injected:
    'a restart with an append-only file that takes 20 s to load (8 s in haste), -LOADING to every command; mixed load',
  quick: false,
  allows: { controlDegrades: true, warehouse: { jobsPerMark: 12 } },
  run: (chaos) => loadWhileAsked(chaos, 'queue'),
});
