import { setTimeout as sleep } from 'node:timers/promises';
import { evictedKeys, fillCache } from '../loads/fill-cache.ts';
import { giveRoom, usedBytes } from '../loads/give-room.ts';
import { mixedQuestions } from '../loads/mixed.ts';
import { defineRow } from '../row.ts';
import { countBy, outcomes, shareMs } from '../tally.ts';

export default defineRow({
  id: 'D7a',
  title: 'The cache store is full and evicts',
  injected:
    'CONFIG SET maxmemory to what is used and 1 MiB; strangers write 2 MB a second; mixed load for 5 s',
  quick: false,
  allows: { controlDegrades: true, warehouse: { jobsPerMark: 30 } },
  async run(chaos) {
    const { known, all } = mixedQuestions(chaos.run);
    await chaos.seed(known);
    const before = await evictedKeys(chaos);
    await giveRoom(chaos, 'cache', (await usedBytes(chaos, 'cache')) + 2 ** 20);
    const end = await chaos.begin({ questions: all, arrival: { kind: 'rate', perSecond: 15 } });
    for (let written = 0; written < 20; written += 1) {
      await fillCache(chaos, 50, 10_000);
      await sleep(250);
    }
    const exchanges = await end();
    const evicted = (await evictedKeys(chaos)) - before;
    await giveRoom(chaos, 'cache');
    await chaos.recovery();
    const good = countBy(exchanges, 'live', 'fresh', 'stale');
    chaos.claim('keys are evicted', evicted > 100, evicted);
    chaos.claim(
      'everybody gets rows, from the warehouse if need be',
      good === exchanges.length,
      outcomes(exchanges),
    );
    return { answers: outcomes(exchanges), evicted, p99Ms: shareMs(exchanges, 0.99) };
  },
});
