import { ask } from '../question.ts';
import { defineRow } from '../row.ts';
import { outcomes, slowestMs } from '../tally.ts';

const heapMiB = 192;
const waiters = 3_000;

export default defineRow({
  id: 'G13',
  title: 'A gateway process is near its heap limit',
  injected: `one gateway process with a heap of ${heapMiB} MiB; ${waiters} new questions at once whose jobs hang`,
  quick: false,
  house: {
    gatewayProcesses: 1,
    roleEnv: { gateway: { NODE_OPTIONS: `--max-old-space-size=${heapMiB}` } },
  },
  allows: { controlDegrades: true },
  async run(chaos) {
    await chaos.faults({ match: { query: 'plain' }, hang: true });
    const exchanges = await chaos.fire({
      questions: ask('plain', `${chaos.run}-{n}`),
      arrival: { kind: 'at-once', count: waiters },
    });
    await chaos.faults();
    await chaos.recovery('plain');
    const answered = exchanges.filter(({ status }) => status !== undefined).length;
    chaos.claim('everybody is answered', answered === waiters, outcomes(exchanges));
    return { answers: outcomes(exchanges), slowestAnswerMs: slowestMs(exchanges) };
  },
});
