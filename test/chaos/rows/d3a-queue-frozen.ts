import { loseStore } from '../loads/lose-store.ts';
import { defineRow } from '../row.ts';

export default defineRow({
  id: 'D3a',
  title: 'The queue store is frozen under load',
  injected:
    'SIGSTOP to the Redis server of the queue role in the middle of a mixed load, SIGCONT after 5 s (60 s when run by itself)',
  quick: false,
  // What is fresh for a second is computed anew for as long as the load goes on, and the house decides how long that is.
  allows: { warehouse: { jobsPerMark: 3, jobsPerMarkOf: { plain: 12 } } },
  run: (chaos) =>
    loseStore(chaos, {
      store: 'queue',
      lose: ({ stack }) => stack.redis.queue?.freeze(),
      giveBack: ({ stack }) => stack.redis.queue?.thaw(),
      lastsMs: chaos.isStrict ? 60_000 : 5_000,
    }),
});
