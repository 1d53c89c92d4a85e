import { setTimeout as sleep } from 'node:timers/promises';
import { ask } from '../question.ts';
import { defineRow } from '../row.ts';
import { countBy, keys, outcomes } from '../tally.ts';

const perSecond = 50;
const forMs = 30_000;

export default defineRow({
  id: 'G11',
  title: 'The memory tier is filled with unique keys',
  injected:
    'a gateway process that may remember 1 MB; 1,500 questions that are asked once, nearly twice as many as fit, beside 20 hot ones; then the cache store is cut off',
  quick: false,
  house: { gatewayProcesses: 1, env: { ENTRY_MEMORY: '1MB' } },
  allows: { controlDegrades: true },
  async run(chaos) {
    const hot = keys(`${chaos.run}-hot`, 20).map((key) => ask('lasting', key));
    await chaos.seed(hot);
    const arrival = { kind: 'rate', perSecond: 40 } as const;
    const end = await chaos.begin({ questions: hot, arrival });
    const unique = await chaos.fire({
      questions: ask('lasting', `${chaos.run}-once-{n}`),
      arrival: { kind: 'rate', perSecond, forMs },
    });
    const before = await end();
    await chaos.trouble('gateway-cache', { refuse: true });
    await chaos.cut('gateway-cache');
    await sleep(500);
    const away = await chaos.fire({ questions: hot, arrival: { ...arrival, forMs: 4_000 } });
    await chaos.trouble('gateway-cache', {});
    await chaos.recovery();
    const share = countBy(away, 'fresh') / away.length;
    chaos.claim(
      'at least 90 % of the hot questions are hits without the store',
      share >= 0.9 * (countBy(before, 'fresh') / before.length),
      outcomes(away),
    );
    return {
      unique: outcomes(unique),
      hotBefore: outcomes(before),
      hotAway: outcomes(away),
    };
  },
});
