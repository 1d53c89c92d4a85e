import { loseStore } from '../loads/lose-store.ts';
import { defineRow } from '../row.ts';

export default defineRow({
  id: 'D2a',
  title: 'The queue store is killed under load',
  injected:
    'SIGKILL to the Redis server of the queue role in the middle of a mixed load, restarted 3 s later',
  quick: true,
  // What is fresh for a second is computed anew for as long as the load goes on, and the house decides how long that is.
  allows: { warehouse: { jobsPerMark: 3, jobsPerMarkOf: { plain: 12 } } },
  run: (chaos) =>
    loseStore(chaos, {
      store: 'queue',
      lose: ({ stack }) => stack.redis.queue?.kill(),
      giveBack: ({ stack }) => stack.redis.queue?.restart(),
      lastsMs: 3_000,
    }),
});
