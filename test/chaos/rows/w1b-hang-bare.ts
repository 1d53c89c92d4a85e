import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../until.ts';
import { tookMs } from '../judges/client/exchange.ts';
import { ask } from '../question.ts';
import { type Chaos, defineRow } from '../row.ts';
import { countBy, outcomes, slowestMs } from '../tally.ts';

export default defineRow({
  id: 'W1b',
  title: 'The warehouse hangs, and there is nothing to give',
  injected: 'every job of the query hangs for good; 20 new questions at once, then 10 more',
  quick: false,
  async run(chaos) {
    await chaos.faults({ match: { query: 'plain' }, hang: true });
    const arrival = { kind: 'at-once', count: 10 } as const;
    const first = await chaos.fire({
      questions: ask('plain', `${chaos.run}-first-{n}`),
      arrival: { kind: 'at-once', count: 20 },
    });
    // The gateway counts a timeout when it has answered it.
    await sleep(500);
    const next = await chaos.fire({ questions: ask('plain', `${chaos.run}-next-{n}`), arrival });
    await until(async () => (await running(chaos)) === 0, { withinMs: 3_000 }).catch(
      () => undefined,
    );
    const jobs = await chaos.warehouse.ask('jobs', 'plain');
    const longestMs = Math.max(
      0,
      ...jobs.map((job) => (job.endedAt ?? Date.now()) - job.createdAt),
    );
    await chaos.faults();
    await chaos.recovery('plain');
    const soonest = Math.min(...first.map(({ lastByteMs = 0 }) => lastByteMs));
    chaos.claim('the first ones wait as long as they may', soonest >= 14_900, Math.round(soonest));
    chaos.claim('and not longer', slowestMs(first) <= 18_500, slowestMs(first));
    chaos.claim('they are told it was time', countBy(first, 'timeout') === 20, outcomes(first));
    // The one that is let through to find out whether the warehouse is back waits like the first ones.
    const quick = next.filter((exchange) => tookMs(exchange) <= 1_000).length;
    chaos.claim('then the breaker answers all but its probe within a second', quick >= 9, quick);
    const unsettled = jobs.filter(({ endedAt }) => endedAt === undefined).length;
    chaos.claim('no job runs on', unsettled === 0, `${unsettled} of ${jobs.length}`);
    return { first: outcomes(first), next: outcomes(next), longestJobMs: longestMs };
  },
});

async function running({ warehouse }: Chaos): Promise<number> {
  const jobs = await warehouse.ask('jobs', 'plain');
  return jobs.filter(({ endedAt }) => endedAt === undefined).length;
}
