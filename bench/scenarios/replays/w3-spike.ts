// How does a crowd fare that grows from nobody to 500 within moments?
//
// There, a sentiment API: 500 users within two minutes, who stay for five more.
import { noFailures, timeOf } from './figures.ts';
import { sentimentHabits } from './mix.ts';
import { replayOf } from './replay.ts';

/** W3-spike: 500 users who come in a rush. */
export const w3Spike = replayOf({
  name: 'w3-spike',
  question: 'How long do 500 users wait who come in a rush?',
  crowd: { users: 500, joinPerSecond: 500 / 120, thinkMs: [500, 1_500], forMs: 420_000 },
  habits: sentimentHabits,
  isWarmed: true,
  figures: (tally) => [noFailures(tally), timeOf(tally, 0.99, 100)],
  remark:
    'There: 350 requests/s at the peak, p95 140 ms, 15 % errors (limits), no crash. Here no limit is asked for, so that every refusal is a failure. The 500 are 100 shoppers five times over.',
});
