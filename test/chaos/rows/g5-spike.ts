import { ask } from '../question.ts';
import { defineRow } from '../row.ts';
import { isGood } from '../judges/client/exchange.ts';
import { keys, outcomes, shareMs, slowestMs } from '../tally.ts';

const users = 500;
const steadyPerSecond = 40;

export default defineRow({
  id: 'G5',
  title: 'A spike hits a cold cache',
  injected:
    '500 users within a second, each with a question of his own or one of ten that all share, nothing stored; jobs take 300 ms; 40 questions a second before and after',
  quick: false,
  // The machine has the spike to answer first: this row is about what becomes of that.
  allows: { controlDegrades: true },
  async run(chaos) {
    await chaos.faults({ match: { query: 'lasting' }, latencyMs: 300 });
    const steady = (name: string, forMs: number) =>
      chaos.fire({
        questions: mixed(`${chaos.run}-${name}`),
        arrival: { kind: 'rate', perSecond: steadyPerSecond, forMs },
      });
    const before = await steady('before', 5_000);
    const spike = await chaos.fire({
      questions: mixed(`${chaos.run}-spike`),
      arrival: { kind: 'rate', perSecond: users, forMs: 1_000 },
    });
    await steady('settling', 5_000);
    const after = await steady('after', 5_000);
    await chaos.faults();
    await chaos.recovery();
    const [goodBefore, goodSpike, goodAfter] = [before, spike, after].map(
      (exchanges) => exchanges.filter(isGood).length,
    );
    const given = spike.filter(({ outcome }) => outcome !== 'overloaded');
    chaos.claim('the spike is answered, or refused at once', given.every(isGood), outcomes(spike));
    chaos.claim(
      'ten seconds later at least 90 % as before are answered well',
      (goodAfter ?? 0) >= 0.9 * (goodBefore ?? 0),
      goodAfter,
    );
    return {
      goodBefore: goodBefore ?? 0,
      goodSpike: goodSpike ?? 0,
      goodAfter: goodAfter ?? 0,
      spike: outcomes(spike),
      spikeP50Ms: shareMs(spike, 0.5),
      spikeSlowestMs: slowestMs(spike),
    };
  },
});

/** Half of the questions are asked by everybody, half by one alone. */
function mixed(run: string) {
  const shared = keys(`${run}-shared`, 10).map((key) => ask('lasting', key));
  return shared.flatMap((question) => [question, ask('lasting', `${run}-own-{n}`)]);
}
