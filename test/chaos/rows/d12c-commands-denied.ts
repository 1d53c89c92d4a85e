import { countTrouble } from '../loads/count-trouble.ts';
import { ask } from '../question.ts';
import { type Chaos, defineRow } from '../row.ts';
import { countBy, outcomes, slowestMs } from '../tally.ts';

const stores = ['queue', 'cache'] as const;
const mostLinesPerSecond = 3;

export default defineRow({
  id: 'D12c',
  title: 'The stores deny CONFIG and INFO',
  injected:
    'ACL SETUSER default -config -info on both stores, gateway and workers started anew; then allowed again',
  quick: false,
  allows: {
    ends: { gateway: 2, worker: 2 },
    breaks: ['refused', 'reset', 'closed'],
    controlDegrades: true,
  },
  async run(chaos) {
    await grant(chaos, '-config', '-info');
    const { gateway, workers } = chaos.stack;
    const { value, lines, mostPerSecond } = await countTrouble(chaos, async () => {
      await Promise.all([gateway, ...workers].map((role) => role.restart()));
      await chaos.watchProcesses();
      return chaos.fire({
        questions: ask('lasting', `${chaos.run}-{n}`),
        arrival: { kind: 'rate', perSecond: 10, forMs: 4_000 },
      });
    });
    await grant(chaos, '+@all');
    await chaos.recovery();
    const live = countBy(value, 'live');
    chaos.claim('everything is answered as ever', live === value.length, outcomes(value));
    chaos.claim('what is denied is said', lines > 0, lines);
    chaos.claim(
      `at most ${mostLinesPerSecond} lines a second in any log`,
      mostPerSecond <= mostLinesPerSecond,
      mostPerSecond,
    );
    return { answers: outcomes(value), slowestMs: slowestMs(value), troubleLines: lines };
  },
});

async function grant({ store }: Chaos, ...rules: readonly string[]): Promise<void> {
  for (const name of stores)
    await store.ask('command', name, 'ACL', 'SETUSER', 'default', ...rules);
}
