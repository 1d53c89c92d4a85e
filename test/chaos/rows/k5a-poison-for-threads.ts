import { until } from '../../until.ts';
import { threadEnds } from '../loads/worker-life.ts';
import { ask } from '../question.ts';
import { defineRow } from '../row.ts';
import { countBy, outcomes, slowestMs } from '../tally.ts';

const neighbours = 6;

export default defineRow({
  id: 'K5a',
  title: 'A query ends every thread that runs it',
  injected:
    'process.exit() in the transform for one key, asked four times; 6 neighbours of 3 s in the same threads',
  quick: true,
  async run(chaos) {
    await chaos.faults({ match: { query: 'lasting' }, latencyMs: 3_000 });
    const arrival = { kind: 'at-once', count: neighbours } as const;
    const beside = ask('lasting', `${chaos.run}-beside-{n}`);
    const besides = chaos.fire({ questions: beside, arrival });
    await until(async () => (await chaos.warehouse.ask('jobs', 'lasting')).length === neighbours);
    const endsBefore = await threadEnds(chaos);
    const poison = ask('hostile', `${chaos.run}-exit-it`);
    const first = await chaos.fire({ questions: poison, arrival: { kind: 'at-once', count: 1 } });
    const again = await chaos.fire({ questions: poison, arrival: { kind: 'in-turn', count: 3 } });
    const ends = (await threadEnds(chaos)) - endsBefore;
    const flown = await besides;
    await chaos.faults();
    await chaos.recovery('hostile');
    chaos.claim('two threads at most die of it', ends <= 2, ends);
    chaos.claim('who asks is told that it failed', first[0]?.status === 500, outcomes(first));
    chaos.claim('and later that it rests', countBy(again, 'quarantined') === 3, outcomes(again));
    const atOnceMs = chaos.isStrict ? 500 : 2_500;
    chaos.claim(`within ${atOnceMs} ms`, slowestMs(again) <= atOnceMs, slowestMs(again));
    const live = countBy(flown, 'live');
    chaos.claim('its neighbours are answered live', live === neighbours, outcomes(flown));
    return {
      threadsLost: ends,
      firstMs: slowestMs(first),
      againMs: slowestMs(again),
      slowestNeighbourMs: slowestMs(flown),
    };
  },
});
