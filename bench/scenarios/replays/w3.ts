// How does a crowd of 100 fare that asks mostly for what has been asked for before?
//
// There, a sentiment API: 100 users who join ten a second, for ten minutes.
import { hitRateOf, noFailures, timeOf } from './figures.ts';
import { sentimentHabits } from './mix.ts';
import { replayOf } from './replay.ts';

/** W3: 100 users in a steady crowd. */
export const w3 = replayOf({
  name: 'w3',
  question: 'How long do 100 users wait who mostly ask for what has been asked for before?',
  crowd: { users: 100, joinPerSecond: 10, thinkMs: [500, 1_500], forMs: 600_000 },
  habits: sentimentHabits,
  isWarmed: true,
  figures: (tally) => [noFailures(tally), timeOf(tally, 0.95, 20), hitRateOf(tally, 0.95)],
  remark:
    'There: 100 requests/s, p50 65, p95 120, p99 180 ms, 0.5 % errors, hit rate 72 %. Think times are ours: they make the same rate. Its 70 : 20 : 10 of singles, A/B and batches is kept, with 5 : 5 of analytics and health beside.',
});
