import { deleteKeys, sweep } from '../loads/delete-keys.ts';
import { loseStore } from '../loads/lose-store.ts';
import { defineRow } from '../row.ts';

export default defineRow({
  id: 'D11a',
  title: 'Keys of the queue store are deleted under load',
  injected: 'FLUSHALL, then 40 keys a second at random for 3 s, under a mixed load',
  quick: false,
  allows: { controlDegrades: false, warehouse: { jobsPerMark: 12 } },
  async run(chaos) {
    let deleted = 0;
    const figures = await loseStore(chaos, {
      store: 'queue',
      async lose() {
        deleted = await deleteKeys(chaos, 'queue', 3_000);
      },
      lastsMs: 0,
    });
    chaos.claim('there was something to delete', deleted > 0, deleted);
    return { ...figures, deleted, sweptJobs: await sweep(chaos) };
  },
});
