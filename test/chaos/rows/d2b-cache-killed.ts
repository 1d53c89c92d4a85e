import { loseStore } from '../loads/lose-store.ts';
import { defineRow } from '../row.ts';

export default defineRow({
  id: 'D2b',
  title: 'The cache store is killed under load',
  injected:
    'SIGKILL to the Redis server of the cache role in the middle of a mixed load, restarted 3 s later',
  quick: true,
  allows: { controlDegrades: true, warehouse: { jobsPerMark: 12 } },
  run: (chaos) =>
    loseStore(chaos, {
      store: 'cache',
      lose: ({ stack }) => stack.redis.cache?.kill(),
      giveBack: ({ stack }) => stack.redis.cache?.restart(),
      lastsMs: 3_000,
    }),
});
