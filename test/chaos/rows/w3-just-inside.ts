import { ask } from '../question.ts';
import { defineRow } from '../row.ts';
import { countBy, outcomes, slowestMs } from '../tally.ts';

const count = 50;

export default defineRow({
  id: 'W3',
  title: 'The warehouse takes 14 seconds: just inside',
  injected: 'every job of the query takes 14 s; 50 new questions, 10 a second',
  quick: false,
  async run(chaos) {
    await chaos.faults({ match: { query: 'lasting' }, latencyMs: 14_000 });
    const key = `${chaos.run}-{n}`;
    const arrival = { kind: 'rate', perSecond: 10, forMs: count * 100 } as const;
    const exchanges = await chaos.fire({ questions: ask('lasting', key), arrival });
    const again = await chaos.fire({
      questions: ask('lasting', key),
      arrival: { kind: 'at-once', count },
    });
    await chaos.faults();
    const live = countBy(exchanges, 'live');
    chaos.claim('99 of 100 answers are live', live >= exchanges.length * 0.99, outcomes(exchanges));
    chaos.claim('within 16 s', slowestMs(exchanges) <= 16_000, slowestMs(exchanges));
    chaos.claim('and stored', countBy(again, 'fresh') >= live, outcomes(again));
    return { answers: outcomes(exchanges), slowestLiveMs: slowestMs(exchanges) };
  },
});
