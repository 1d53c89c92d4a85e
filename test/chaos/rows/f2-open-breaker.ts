import { until } from '../../until.ts';
import { ask } from '../question.ts';
import { defineRow } from '../row.ts';
import { countBy, keys, outcomes, reasons, shareMs } from '../tally.ts';

const perSecond = 100;
const forMs = 10_000;

export default defineRow({
  id: 'F2',
  title: 'A breaker is open: as quick as a hit',
  injected:
    'every job of a query fails until its breaker is open; then stale answers of it and hits of another in turn, 100 a second for 10 s',
  quick: false,
  allows: { warehouse: { jobsPerMark: 30 } },
  async run(chaos) {
    const stale = keys(`${chaos.run}-stale`, 5).map((key) => ask('plain', key));
    const hits = keys(`${chaos.run}-hit`, 5).map((key) => ask('lasting', key));
    await chaos.seed([...stale, ...hits]);
    await chaos.faults({
      match: { query: 'plain' },
      error: { status: 503, reason: 'backendError' },
    });
    await until(
      async () => {
        const arrival = { kind: 'at-once', count: 20 } as const;
        const answers = await chaos.fire({ questions: stale, arrival });
        return reasons(answers) === 'breaker-open 20';
      },
      { everyMs: 200 },
    );
    const questions = stale.flatMap((question, at) => [question, hits[at] ?? question]);
    const arrival = { kind: 'rate', perSecond, forMs } as const;
    const exchanges = await chaos.fire({ questions, arrival, keepAlive: true });
    await chaos.faults();
    await chaos.recovery('plain');
    const open = exchanges.filter(({ key }) => key?.includes('-stale-'));
    const hit = exchanges.filter(({ key }) => key?.includes('-hit-'));
    const given = countBy(open, 'stale');
    chaos.claim('who has something stale gets it', given === open.length, outcomes(open));
    const apartMs = shareMs(open, 0.99) - shareMs(hit, 0.99);
    const mostMs = chaos.isStrict ? 25 : 250;
    chaos.claim(`99 in 100 within ${mostMs} ms more than a hit`, apartMs <= mostMs, apartMs);
    return {
      open: reasons(open),
      hits: outcomes(hit),
      openP50Ms: shareMs(open, 0.5),
      openP99Ms: shareMs(open, 0.99),
      hitP50Ms: shareMs(hit, 0.5),
      hitP99Ms: shareMs(hit, 0.99),
    };
  },
});
