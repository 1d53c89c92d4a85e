import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../until.ts';
import { ask } from '../question.ts';
import { defineRow } from '../row.ts';
import { countBy, outcomes } from '../tally.ts';

const tolerates = ['reset', 'closed'] as const;

export default defineRow({
  id: 'G2',
  title: 'A gateway process is killed under load',
  injected:
    'SIGKILL to one of two serving processes while 1 s queries are under way, 20 new ones a second',
  quick: true,
  allows: { ends: { gateway: 1 }, breaks: tolerates },
  async run(chaos) {
    await chaos.faults({ match: { query: 'lasting' }, latencyMs: 1_000 });
    const before = await chaos.processes.ask('serving');
    const questions = ask('lasting', `${chaos.run}-{n}`);
    const end = await chaos.begin({
      questions,
      arrival: { kind: 'rate', perSecond: 20 },
      tolerates,
    });
    await sleep(2_000);
    const [victim = 0] = before;
    process.kill(victim, 'SIGKILL');
    const killedMs = performance.now();
    await until(async () => {
      const serving = await chaos.processes.ask('serving');
      return serving.length === before.length && !serving.includes(victim);
    });
    await sleep(2_000);
    const backMs = Math.round(performance.now() - killedMs) - 2_000;
    const exchanges = await end();
    await chaos.faults();
    await chaos.recovery();
    const broken = exchanges.filter(({ broken }) => broken !== undefined);
    // What was under way in the victim is lost with it: a second of 20 requests, half of them there, and some slack.
    chaos.claim('only requests under way in it are lost', broken.length <= 30, broken.length);
    const whole = exchanges.length - broken.length;
    chaos.claim(
      'all others are answered live',
      countBy(exchanges, 'live') === whole,
      outcomes(exchanges),
    );
    return { answers: outcomes(exchanges), lost: broken.length, replacedMs: backMs };
  },
});
