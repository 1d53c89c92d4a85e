import { setTimeout as sleep } from 'node:timers/promises';
import { ask } from '../question.ts';
import { defineRow } from '../row.ts';
import { countBy, keys, slowestMs } from '../tally.ts';

const softMs = 2_000;

export default defineRow({
  id: 'W1a',
  title: 'The warehouse hangs, and there is something stale',
  injected: 'every job of the query hangs for good; 20 stale questions, 5 a second for 4 s',
  quick: true,
  // A key is asked again while its first flight still hangs, and may fly once more when that has timed out.
  allows: { warehouse: { jobsPerMark: 3 } },
  async run(chaos) {
    const questions = keys(chaos.run, 20).map((key) => ask('plain', key));
    await chaos.seed(questions);
    // Fresh for one second: after that they are stale.
    await sleep(1_100);
    await chaos.faults({ match: { query: 'plain' }, hang: true });
    const arrival = { kind: 'rate', perSecond: 5, forMs: 4_000 } as const;
    const exchanges = await chaos.fire({ questions, arrival });
    await chaos.faults();
    await chaos.recovery('plain');
    const stale = countBy(exchanges, 'stale');
    chaos.claim('every answer is stale', stale === exchanges.length, stale);
    const slackMs = chaos.isStrict ? 500 : 2_500;
    const slowest = slowestMs(exchanges);
    chaos.claim(
      `no answer later than ${softMs + slackMs} ms`,
      slowest <= softMs + slackMs,
      slowest,
    );
    return { answers: exchanges.length, stale, slowestStaleMs: slowest };
  },
});
