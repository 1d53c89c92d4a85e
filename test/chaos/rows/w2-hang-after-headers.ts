import { setTimeout as sleep } from 'node:timers/promises';
import { ask } from '../question.ts';
import { defineRow } from '../row.ts';
import { countBy, keys, outcomes, slowestMs } from '../tally.ts';

export default defineRow({
  id: 'W2',
  title: 'The warehouse falls silent in the middle of a reply',
  injected:
    'every connection to the warehouse passes 400 more bytes to the worker and is silent then',
  quick: false,
  allows: { warehouse: { jobsPerMark: 2 } },
  async run(chaos) {
    const stale = keys(chaos.run, 5).map((key) => ask('plain', key));
    await chaos.seed(stale);
    await sleep(1_100);
    await chaos.trouble('worker-warehouse', { down: { silentAfterBytes: 400 } });
    const once = { kind: 'at-once', count: 5 } as const;
    const hurried = { 'Request-Timeout': '4' };
    const bare = ask('lasting', `${chaos.run}-bare-{n}`, hurried);
    const [held, none] = await Promise.all([
      chaos.fire({ questions: stale, arrival: once }),
      chaos.fire({ questions: bare, arrival: once }),
    ]);
    await chaos.trouble('worker-warehouse', {});
    await chaos.recovery();
    chaos.claim('who has something stale gets it', countBy(held, 'stale') === 5, outcomes(held));
    const slackMs = chaos.isStrict ? 500 : 2_500;
    chaos.claim('after the soft timeout', slowestMs(held) <= 2_000 + slackMs, slowestMs(held));
    chaos.claim('nobody is given half a result', countBy(none, 'timeout') === 5, outcomes(none));
    return { stale: outcomes(held), bare: outcomes(none), slowestStaleMs: slowestMs(held) };
  },
});
