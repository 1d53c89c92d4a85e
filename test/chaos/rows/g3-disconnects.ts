import { ask } from '../question.ts';
import { defineRow } from '../row.ts';
import { countBy, outcomes } from '../tally.ts';

const perSecond = 200;

export default defineRow({
  id: 'G3a',
  title: 'Half of the clients go away at random instants',
  injected:
    '400 requests (4,000 when run by itself) for questions of 1 s, 20 new ones a second, half of them left within 1.5 s',
  quick: true,
  // Two hundred new connections a second and their clients take most of a small machine.
  allows: { controlDegrades: true },
  async run(chaos) {
    await chaos.faults({ match: { query: 'lasting' }, latencyMs: 1_000 });
    const leaves = { share: 0.5, withinMs: 1_500 };
    const seconds = chaos.isStrict ? 20 : 2;
    // Every second has questions of its own, so that there is always somebody who waits.
    const questions = Array.from({ length: seconds * perSecond }, (_, number) =>
      ask('lasting', `${chaos.run}-${Math.floor(number / perSecond)}-${number % 20}`),
    );
    const arrival = { kind: 'rate', perSecond, forMs: seconds * 1_000 } as const;
    const exchanges = await chaos.fire({ questions, arrival, leaves });
    await chaos.faults();
    await chaos.recovery();
    const left = exchanges.filter(({ broken }) => broken === 'left').length;
    const stayed = exchanges.length - left;
    const given = countBy(exchanges, 'live', 'fresh');
    chaos.claim('clients do leave', left > 0, left);
    chaos.claim('whoever stays is answered', given === stayed, outcomes(exchanges));
    return { requests: exchanges.length, left, answers: outcomes(exchanges) };
  },
});
