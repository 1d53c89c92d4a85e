import { countTrouble } from '../loads/count-trouble.ts';
import { loseStore } from '../loads/lose-store.ts';
import { defineRow } from '../row.ts';

const mostLinesPerSecond = 3;

export default defineRow({
  id: 'D12b',
  title: 'The password of the cache store changes',
  injected:
    'CONFIG SET requirepass, and every open connection is reset in the middle of a mixed load; for 4 s',
  quick: false,
  allows: { controlDegrades: true, warehouse: { jobsPerMark: 12 } },
  async run(chaos) {
    const password = (word: string) =>
      chaos.store.ask('command', 'cache', 'CONFIG', 'SET', 'requirepass', word);
    const { value, lines, mostPerSecond } = await countTrouble(chaos, () =>
      loseStore(chaos, {
        store: 'cache',
        async lose() {
          await password('another');
          await chaos.cut('gateway-cache');
          await chaos.cut('worker-cache');
        },
        giveBack: () => password(''),
        lastsMs: 4_000,
      }),
    );
    // The log of the gateway is that of two processes and their supervisor.
    chaos.claim(
      `at most ${mostLinesPerSecond} lines a second in any log`,
      mostPerSecond <= mostLinesPerSecond,
      mostPerSecond,
    );
    return { ...value, troubleLines: lines };
  },
});
