import { ask } from '../question.ts';
import { defineRow } from '../row.ts';
import { struck } from '../struck.ts';
import { countBy, keys, outcomes, slowestMs } from '../tally.ts';

const perSecond = 20;
const forMs = 24_000;
const routes = ['insert', 'results', 'get'] as const;

export default defineRow({
  id: 'W6',
  title: 'The warehouse answers 503 to three calls in ten',
  injected:
    '503 backendError to 30 % of the inserts, reads and looks of a query; 20 questions a second for 24 s, one in six new, the others fresh',
  quick: false,
  allows: { warehouse: { jobsPerMark: 3 } },
  async run(chaos) {
    const known = keys(`${chaos.run}-known`, 5).map((key) => ask('lasting', key));
    await chaos.seed(known);
    const match = (route: string) => ({ query: 'lasting', route });
    const error = { status: 503, reason: 'backendError' };
    await chaos.faults(
      ...routes.map((route) => ({ match: match(route), error, probability: 0.3 })),
      ...routes.map((route) => ({ match: match(route), latencyMs: 0 })),
    );
    const questions = [...known, ask('lasting', `${chaos.run}-new-{n}`)];
    const exchanges = await chaos.fire({ questions, arrival: { kind: 'rate', perSecond, forMs } });
    const counts = await struck(chaos);
    await chaos.faults();
    await chaos.recovery();
    const fresh = exchanges.filter(({ key }) => key?.includes('-new-'));
    const good = countBy(exchanges, 'fresh', 'live') / exchanges.length;
    const failed = counts.slice(0, 3).reduce((sum, calls) => sum + calls, 0);
    const calls = counts.reduce((sum, calls) => sum + calls, 0);
    // Each new question needs one insert and one read; looks at a job are made only after a failure.
    const [failedInserts = 0, failedReads = 0] = counts;
    const [, , , inserts = 0, reads = 0] = counts;
    const retries = failedInserts + failedReads + inserts + reads - 2 * fresh.length;
    const ratio = Math.round((retries / exchanges.length) * 1_000) / 1_000;
    chaos.claim('more than 95 of 100 answers are good', good > 0.95, outcomes(exchanges));
    chaos.claim('at most one retry for five requests', ratio <= 0.2, ratio);
    const late = slowestMs(fresh);
    chaos.claim('nobody waits for longer than 5 s', !chaos.isStrict || late <= 5_000, late);
    return { answers: outcomes(exchanges), new: outcomes(fresh), calls, failed, retries, ratio };
  },
});
