import { deleteKeys } from '../loads/delete-keys.ts';
import { loseStore } from '../loads/lose-store.ts';
import { defineRow } from '../row.ts';

export default defineRow({
  id: 'D11b',
  title: 'Keys of the cache store are deleted under load',
  injected: 'FLUSHALL, then 40 keys a second at random for 3 s, under a mixed load',
  quick: false,
  allows: { controlDegrades: true, warehouse: { jobsPerMark: 40 } },
  async run(chaos) {
    let deleted = 0;
    const figures = await loseStore(chaos, {
      store: 'cache',
      async lose() {
        deleted = await deleteKeys(chaos, 'cache', 3_000);
      },
      lastsMs: 0,
    });
    chaos.claim('there was something to delete', deleted > 0, deleted);
    return { ...figures, deleted };
  },
});
