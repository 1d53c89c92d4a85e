import { ask } from '../question.ts';
import { defineRow } from '../row.ts';
import { keys, outcomes, shareMs } from '../tally.ts';

const perSecond = 20;
const forMs = 6_000;
/** By then as many calls have failed as had succeeded shortly before, and the breaker is open. */
const openAfterMs = 4_000;
/** Probes of the seconds after. */
const mostProbes = 6;

export default defineRow({
  id: 'W5',
  title: 'The warehouse answers 503 to everything',
  injected:
    'every job of the query fails with 503 backendError; 20 questions a second for 6 s, one in five stale',
  quick: false,
  allows: { warehouse: { jobsPerMark: 6 } },
  async run(chaos) {
    const stale = keys(`${chaos.run}-stale`, 2).map((key) => ask('plain', key));
    await chaos.seed(stale);
    await chaos.faults({
      match: { query: 'plain' },
      error: { status: 503, reason: 'backendError' },
    });
    const bare = keys(`${chaos.run}-bare-{n}`, 8).map((key) => ask('plain', key));
    const openAt = Date.now() + openAfterMs;
    const seeded = (await chaos.warehouse.ask('jobs', 'plain')).length;
    const arrival = { kind: 'rate', perSecond, forMs } as const;
    const exchanges = await chaos.fire({ questions: [...stale, ...bare], arrival });
    const all = await chaos.warehouse.ask('jobs', 'plain');
    const jobs = all.length - seeded;
    const probes = all.filter(({ createdAt }) => createdAt > openAt).length;
    await chaos.faults();
    await chaos.recovery('plain');
    const known = exchanges.filter(({ key }) => key?.includes('-stale-'));
    const given = known.filter(({ status }) => status === 200);
    chaos.claim('who has something stale gets it', given.length === known.length, outcomes(known));
    const last = exchanges.slice(-perSecond);
    const most = chaos.isStrict ? 100 : 1_000;
    chaos.claim(
      `once open it answers within ${most} ms`,
      shareMs(last, 0.99) <= most,
      shareMs(last, 0.99),
    );
    chaos.claim('once open it lets only probes through', probes <= mostProbes, probes);
    return { answers: outcomes(exchanges), jobs, probes, openP99Ms: shareMs(last, 0.99) };
  },
});
