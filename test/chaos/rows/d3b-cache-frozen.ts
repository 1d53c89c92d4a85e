import { loseStore } from '../loads/lose-store.ts';
import { defineRow } from '../row.ts';

export default defineRow({
  id: 'D3b',
  title: 'The cache store is frozen under load',
  injected:
    'SIGSTOP to the Redis server of the cache role in the middle of a mixed load, SIGCONT after 5 s (60 s when run by itself)',
  quick: true,
  allows: { controlDegrades: true, warehouse: { jobsPerMark: 12 } },
  run: (chaos) =>
    loseStore(chaos, {
      store: 'cache',
      lose: ({ stack }) => stack.redis.cache?.freeze(),
      giveBack: ({ stack }) => stack.redis.cache?.thaw(),
      lastsMs: chaos.isStrict ? 60_000 : 5_000,
    }),
});
