import { ask } from '../question.ts';
import { defineRow } from '../row.ts';
import { countBy, outcomes, slowestMs } from '../tally.ts';

const arrival = { kind: 'rate', perSecond: 10, forMs: 2_000 } as const;

export default defineRow({
  id: 'D5',
  title: 'One class of connections to the queue store is lost, the others live',
  injected:
    'the gateways’ subscriber connections go half-open (no bytes, no end); then the workers’ blocking connections are reset',
  quick: true,
  async run(chaos) {
    const deaf = { silent: true };
    const only = { label: 'subscriber' };
    const subscribers = (await chaos.proxy.ask('passages', 'gateway-queue')).filter(
      ({ label }) => label === 'subscriber',
    ).length;
    await chaos.trouble('gateway-queue', { up: deaf, down: deaf, only });
    const unheard = await chaos.fire({
      questions: ask('lasting', `${chaos.run}-deaf-{n}`),
      arrival,
    });
    await chaos.trouble('gateway-queue', {});
    const ending = chaos.fire({ questions: ask('lasting', `${chaos.run}-cut-{n}`), arrival });
    const cut = await chaos.cut('worker-queue', { label: 'blocking' });
    const after = await ending;
    await chaos.recovery();
    chaos.claim(
      'there was somebody to deafen and somebody to cut',
      subscribers > 0 && cut > 0,
      `${subscribers}, ${cut}`,
    );
    chaos.claim(
      'without a hint every result still arrives',
      countBy(unheard, 'live') === unheard.length,
      outcomes(unheard),
    );
    chaos.claim(
      'workers come back for every job',
      countBy(after, 'live') === after.length,
      outcomes(after),
    );
    return {
      unheard: outcomes(unheard),
      slowestUnheardMs: slowestMs(unheard),
      afterCut: outcomes(after),
      slowestAfterCutMs: slowestMs(after),
    };
  },
});
