// How many questions go unanswered when 100 users list, read, create and update at once?
//
// There, a CRUD API on PostgreSQL, whose updates failed in races on the same rows. We answer reads only: in place of creating
// something is asked for the first time, and in place of updating one of five queries has to be computed anew, so that
// flights write the same entries at once.
import { noFailures } from './figures.ts';
import { crudHabits } from './mix.ts';
import { replayOf } from './replay.ts';

/** W4: lists, reads, first-time questions and recomputations. */
export const w4 = replayOf({
  name: 'w4',
  question: 'How many questions of 100 users who list, read, create and update go unanswered?',
  crowd: { users: 100, joinPerSecond: 10, thinkMs: [100, 2_000], forMs: 180_000 },
  habits: crudHabits,
  isWarmed: false,
  figures: (tally) => [noFailures(tally)],
  remark:
    'There: 2,414 requests, 95 failures (76 % of the updates in one case), p50 2.7 s, p95 23 s, 8.9 requests/s. Nothing is written here: creating stands for a first question, updating for no-cache. The shares 30 : 40 : 15 : 15 are ours.',
});
