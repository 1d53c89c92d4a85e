import { loseStore } from '../loads/lose-store.ts';
import { defineRow } from '../row.ts';

export default defineRow({
  id: 'D14a',
  title: 'The queue store accepts no more connections',
  injected:
    'CONFIG SET maxclients 1, and every open connection is reset in the middle of a mixed load; for 4 s',
  quick: false,
  allows: { controlDegrades: true, warehouse: { jobsPerMark: 12 } },
  run: (chaos) =>
    loseStore(chaos, {
      store: 'queue',
      async lose() {
        await chaos.store.ask('command', 'queue', 'CONFIG', 'SET', 'maxclients', '1');
        await chaos.cut('gateway-queue');
        await chaos.cut('worker-queue');
      },
      giveBack: () => chaos.store.ask('command', 'queue', 'CONFIG', 'SET', 'maxclients', '10000'),
      lastsMs: 4_000,
    }),
});
