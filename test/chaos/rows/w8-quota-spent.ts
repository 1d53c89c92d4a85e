import { setTimeout as sleep } from 'node:timers/promises';
import { ask } from '../question.ts';
import { type Chaos, defineRow } from '../row.ts';
import { struck } from '../struck.ts';
import { countBy, keys, outcomes, slowestMs } from '../tally.ts';

/** Five ways in which BigQuery says that a quota is spent; the last one is a job that has failed within a reply of status 200. */
const shapes = {
  quotaExceeded: { status: 403, reason: 'quotaExceeded' },
  rateLimitExceeded: { status: 403, reason: 'rateLimitExceeded' },
  jobRateLimitExceeded: { status: 403, reason: 'jobRateLimitExceeded' },
  tooManyRequests: { status: 429, reason: 'tooManyRequests' },
  inside200: { status: 200, reason: 'quotaExceeded' },
} as const;
/** What opens a breaker, in each gateway process. */
const mostBeforeOpen = 25;
/** A probe every two seconds, and one that was on its way. */
const mostProbes = 3;

export default defineRow({
  id: 'W8',
  title: 'Quotas of the warehouse are spent',
  injected:
    'inserts are refused as quotaExceeded, rateLimitExceeded, jobRateLimitExceeded, 429 and within a 200; for each 20 new questions a second for 1 s, then 10 for 2 s beside 2 stale ones',
  quick: false,
  allows: { warehouse: { jobsPerMark: 10 } },
  async run(chaos) {
    const figures: Record<string, string> = {};
    for (const [name, error] of Object.entries(shapes))
      figures[name] = await suffer(chaos, name, error);
    return figures;
  },
});

async function suffer(chaos: Chaos, name: string, error: object): Promise<string> {
  const stale = keys(`${chaos.run}-${name}`, 2).map((key) => ask('plain', key));
  await chaos.seed(stale);
  await sleep(1_100);
  await chaos.faults({ at: 'http', match: { query: 'plain', route: 'insert' }, error });
  const bare = (part: string) => ask('plain', `${chaos.run}-${name}-${part}-{n}`);
  const rate = (perSecond: number, forMs: number) => ({ kind: 'rate', perSecond, forMs }) as const;
  const first = await chaos.fire({ questions: bare('first'), arrival: rate(20, 1_000) });
  const [before = 0] = await struck(chaos);
  const [next, held] = await Promise.all([
    chaos.fire({ questions: bare('next'), arrival: rate(10, 2_000) }),
    chaos.fire({ questions: stale, arrival: rate(5, 2_000) }),
  ]);
  const [after = 0] = await struck(chaos);
  await chaos.faults();
  await chaos.recovery('plain');
  const told = [...first, ...next];
  const refused = countBy(told, 'quota-exceeded', 'breaker-open');
  chaos.claim(`${name}: callers are told so`, refused === told.length, outcomes(told));
  const helped = told.filter(({ status, headers }) => status === 503 && headers?.['retry-after']);
  chaos.claim(`${name}: and when to come back`, helped.length === told.length, helped.length);
  chaos.claim(`${name}: stale is served`, countBy(held, 'stale') === held.length, outcomes(held));
  chaos.claim(`${name}: the gate closes soon`, before <= mostBeforeOpen, before);
  chaos.claim(`${name}: then only probes are sent`, after - before <= mostProbes, after - before);
  const mostMs = chaos.isStrict ? 1_000 : 4_000;
  chaos.claim(`${name}: quickly`, slowestMs(told) <= mostMs, slowestMs(told));
  return `${outcomes(told)}; ${before} inserts, then ${after - before}`;
}
