import { giveRoom } from '../loads/give-room.ts';
import { loseStore } from '../loads/lose-store.ts';
import { defineRow } from '../row.ts';

export default defineRow({
  id: 'D7b',
  title: 'The cache store has no room for anything',
  injected:
    'CONFIG SET maxmemory to a byte in the middle of a mixed load: everything is evicted, every write refused, for 4 s',
  quick: false,
  allows: { controlDegrades: true, warehouse: { jobsPerMark: 12 } },
  run: (chaos) =>
    loseStore(chaos, {
      store: 'cache',
      lose: () => giveRoom(chaos, 'cache', 1),
      giveBack: () => giveRoom(chaos, 'cache'),
      lastsMs: 4_000,
      // What can be read is no store that is down: results that find no room are offered again for five seconds.
      backedWithinMs: 6_000,
    }),
});
