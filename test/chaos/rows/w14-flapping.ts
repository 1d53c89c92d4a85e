import { setTimeout as sleep } from 'node:timers/promises';
import { ask } from '../question.ts';
import { defineRow } from '../row.ts';
import { countBy, keys, outcomes, shareMs } from '../tally.ts';

const cycles = 6;
const halfMs = 5_000;
const perSecond = 10;

export default defineRow({
  id: 'W14',
  title: 'The warehouse flaps: five seconds up, five seconds down',
  injected:
    'every job fails with 503 for 5 s, then none for 5 s, six times (a minute; the matrix says five); 10 questions a second, half stale, half new with a fallback',
  quick: false,
  allows: { warehouse: { jobsPerMark: 60 } },
  async run(chaos) {
    const known = keys(`${chaos.run}-known`, 5).map((key) => ask('plain', key));
    await chaos.seed(known);
    await sleep(1_100);
    const fresh = keys(`${chaos.run}-new-{n}`, 5).map((key) => ask('backed', key));
    const questions = known.flatMap((question, at) => [question, fresh[at] ?? question]);
    const end = await chaos.begin({ questions, arrival: { kind: 'rate', perSecond } });
    const error = { status: 503, reason: 'backendError' };
    const upAt: number[] = [];
    for (let cycle = 0; cycle < cycles; cycle += 1) {
      await chaos.faults(
        { match: { query: 'plain' }, error },
        { match: { query: 'backed' }, error },
      );
      await sleep(halfMs);
      await chaos.faults();
      upAt.push(Date.now());
      await sleep(halfMs);
    }
    await chaos.recovery('backed');
    const exchanges = await end();
    const jobs = (await chaos.warehouse.ask('jobs')).filter(({ query }) => query !== 'control');
    const bursts = upAt.map(
      (at) => jobs.filter(({ createdAt }) => createdAt >= at && createdAt < at + 1_000).length,
    );
    const given = countBy(exchanges, 'live', 'fresh', 'stale', 'fallback');
    chaos.claim('everybody gets rows', given >= exchanges.length * 0.999, outcomes(exchanges));
    const burst = Math.max(...bursts);
    chaos.claim('no burst when it is up again', burst <= perSecond * 2, bursts.join(', '));
    const good = countBy(exchanges, 'live', 'fresh');
    chaos.claim('while it is up it is used', good >= exchanges.length * 0.2, good);
    return {
      answers: outcomes(exchanges),
      p99Ms: shareMs(exchanges, 0.99),
      jobs: jobs.length,
      jobsInFirstSecondUp: bursts.join(', '),
    };
  },
});
