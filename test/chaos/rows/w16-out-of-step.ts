import { ask } from '../question.ts';
import { defineRow } from '../row.ts';
import { countBy, outcomes } from '../tally.ts';

const count = 20;

export default defineRow({
  id: 'W16',
  title: 'Answers of the warehouse come in the wrong order, or twice',
  injected:
    'every read, insert and look is answered with the reply to the one before it; 10 new questions a second for 2 s, due in 6 s, and all of them again when it is over',
  quick: true,
  allows: { warehouse: { jobsPerMark: 4 } },
  async run(chaos) {
    const match = (route: string) => ({ query: 'lasting', route });
    await chaos.faults(
      ...['results', 'insert', 'get'].map((route) => ({
        match: match(route),
        http: { previous: true },
      })),
    );
    const key = `${chaos.run}-{n}`;
    const exchanges = await chaos.fire({
      questions: ask('lasting', key, { 'Request-Timeout': '6' }),
      arrival: { kind: 'rate', perSecond: 10, forMs: count * 100 },
    });
    await chaos.faults();
    await chaos.recovery();
    const again = await chaos.fire({
      questions: ask('lasting', key),
      arrival: { kind: 'at-once', count },
    });
    // Whose rows they are is judged in every row (I3); here it is what this row is about.
    const good = countBy(again, 'live', 'fresh');
    chaos.claim('nothing wrong was kept', good === count, outcomes(again));
    const told = countBy(exchanges, 'live', 'warehouse-failed', 'breaker-open', 'timeout');
    chaos.claim('nobody is told anything else', told === exchanges.length, outcomes(exchanges));
    return { meanwhile: outcomes(exchanges), afterwards: outcomes(again) };
  },
});
