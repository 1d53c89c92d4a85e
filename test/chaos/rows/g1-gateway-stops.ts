import { setTimeout as sleep } from 'node:timers/promises';
import type { ChildExit } from '../../../stack/child.ts';
import { ask } from '../question.ts';
import { type Chaos, defineRow } from '../row.ts';
import { isGood } from '../judges/client/exchange.ts';
import { keys, outcomes } from '../tally.ts';

const perSecond = 200;
/** So long everything is still taken after the signal, as the gateway's own page on it says; and a little less. */
const stillTakenMs = 900;
const tolerates = ['refused', 'reset'] as const;

export default defineRow({
  id: 'G1',
  title: 'The gateway is told to stop under load',
  injected: 'SIGTERM while 200 requests a second come, one in ten of them for a job of 2 s',
  quick: false,
  allows: { ends: { gateway: 2 }, breaks: tolerates },
  async run(chaos) {
    const hits = keys(`${chaos.run}-hit`, 9).map((key) => ask('lasting', key));
    await chaos.seed(hits);
    await chaos.faults({ match: { query: 'lasting' }, latencyMs: 2_000 });
    const questions = [...hits, ask('lasting', `${chaos.run}-new-{n}`)];
    const arrival = { kind: 'rate', perSecond } as const;
    const end = await chaos.begin({ questions, arrival, tolerates });
    await sleep(1_500);
    const toldAt = Date.now();
    const exit = await stopGateway(chaos);
    const tookMs = Date.now() - toldAt;
    const exchanges = await end();
    await chaos.stack.gateway.restart();
    await chaos.watchProcesses();
    await chaos.faults();
    await chaos.recovery();
    const early = exchanges.filter(({ sentAt }) => sentAt < toldAt + stillTakenMs);
    const late = exchanges.filter(({ sentAt }) => sentAt >= toldAt + stillTakenMs);
    const bad = early.filter((exchange) => !isGood(exchange));
    chaos.claim('whatever came before the door closed is answered', bad.length === 0, bad.length);
    const halves = late.filter(({ broken, firstByteMs }) => broken && firstByteMs !== undefined);
    chaos.claim('no answer breaks off', halves.length === 0, halves.length);
    chaos.claim('it ends with code 0', exit.code === 0, String(exit.code ?? exit.signal));
    chaos.claim('within 25 s', tookMs <= 25_000, tookMs);
    return { before: outcomes(early), after: outcomes(late), endedAfterMs: tookMs };
  },
});

function stopGateway({ stack: { gateway } }: Chaos): Promise<ChildExit> {
  return new Promise((resolve) => {
    gateway.onCrash(resolve);
    process.kill(gateway.pid, 'SIGTERM');
  });
}
