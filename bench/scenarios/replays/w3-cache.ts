// How much of what 50 users repeat has to be computed?
//
// There, a sentiment API: 50 users for five minutes, all of whose requests are repeated ones.
import { hitRateOf, noFailures } from './figures.ts';
import { repeatedHabits } from './mix.ts';
import { replayOf } from './replay.ts';

/** W3-cache: 50 users who repeat themselves, from an empty store. */
export const w3Cache = replayOf({
  name: 'w3-cache',
  question: 'How many answers come from the store when 50 users repeat themselves?',
  crowd: { users: 50, joinPerSecond: 10, thinkMs: [500, 1_500], forMs: 300_000 },
  habits: repeatedHabits,
  isWarmed: false,
  // Ten pages are computed once, however long the run: shortened as much as others it would be a load of misses.
  runMs: 60_000,
  figures: (tally) => [noFailures(tally), hitRateOf(tally, 0.95)],
  remark: 'There: hit rate 95 %, p50 8 ms on a hit and 65 ms on a miss.',
});
