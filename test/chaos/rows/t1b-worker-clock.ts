import { withLevers } from '../levers.ts';
import { runWithWrongClock } from '../loads/wrong-clock.ts';
import { defineRow } from '../row.ts';

export default defineRow({
  id: 'T1b',
  title: 'The wall clock of the worker is an hour off',
  injected:
    'Date and the time origin of every worker process are shifted by an hour, ahead and then behind: as a jump while it runs, from its start, and as a jump back',
  quick: false,
  house: withLevers(new URL('../clock/wrong-clock.ts', import.meta.url)),
  allows: {
    ends: { worker: 6 },
    breaks: ['refused', 'reset', 'closed'],
    warehouse: { jobsPerMark: 12 },
  },
  run: (chaos) => runWithWrongClock(chaos, 'worker'),
});
