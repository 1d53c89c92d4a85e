import { loseStore } from '../loads/lose-store.ts';
import { defineRow } from '../row.ts';

export default defineRow({
  id: 'D10b',
  title: 'The cache store restarts empty',
  injected: 'SIGKILL under a mixed load; a second later a start without any data',
  quick: false,
  allows: { controlDegrades: true, warehouse: { jobsPerMark: 12 } },
  run: (chaos) =>
    loseStore(chaos, {
      store: 'cache',
      lose: ({ stack }) => stack.redis.cache?.kill(),
      giveBack: ({ stack }) => stack.redis.cache?.restartEmpty(),
      lastsMs: 1_000,
    }),
});
