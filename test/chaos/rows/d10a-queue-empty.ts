import { loseStore } from '../loads/lose-store.ts';
import { defineRow } from '../row.ts';

export default defineRow({
  id: 'D10a',
  title: 'The queue store restarts empty',
  injected: 'SIGKILL under a mixed load; a second later a start without any data',
  quick: false,
  allows: { controlDegrades: true, warehouse: { jobsPerMark: 12 } },
  run: (chaos) =>
    loseStore(chaos, {
      store: 'queue',
      lose: ({ stack }) => stack.redis.queue?.kill(),
      giveBack: ({ stack }) => stack.redis.queue?.restartEmpty(),
      lastsMs: 1_000,
    }),
});
