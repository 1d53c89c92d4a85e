import { loseStore } from '../loads/lose-store.ts';
import { defineRow } from '../row.ts';

export default defineRow({
  id: 'D10c',
  title: 'Both stores restart empty',
  injected: 'SIGKILL under a mixed load; a second later a start without any data',
  quick: true,
  allows: { controlDegrades: true, warehouse: { jobsPerMark: 12 } },
  run: (chaos) =>
    loseStore(chaos, {
      store: 'both',
      lose: ({ stack: { redis } }) => Promise.all([redis.queue?.kill(), redis.cache?.kill()]),
      giveBack: ({ stack: { redis } }) =>
        Promise.all([redis.queue?.restartEmpty(), redis.cache?.restartEmpty()]),
      lastsMs: 1_000,
    }),
});
