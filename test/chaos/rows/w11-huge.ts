import { setTimeout as sleep } from 'node:timers/promises';
import { residentBytes } from '../judges/process/proc.ts';
import { ask } from '../question.ts';
import { type Chaos, defineRow } from '../row.ts';
import { countBy, outcomes, slowestMs } from '../tally.ts';

/** How many of each at once: the wide ones are hard work for the stand-in itself. */
const counts = { many: 2, wide: 1, endless: 2 } as const;
/** What all results that are collected at a time may hold, and what a young heap takes besides. */
const mostGrownMb = 700;

export default defineRow({
  id: 'W11',
  title: 'A result is huge',
  injected:
    '100,000 rows (the matrix says a million, the cap is 10,000); 7,000 rows of 12 kB; 20 rows and always one more page: 2, 1 and 2 questions, one kind after the other, beside another query',
  quick: false,
  async run(chaos) {
    const watch = watchWorkers(chaos);
    const endNeighbours = await chaos.begin({
      questions: ask('lasting', `${chaos.run}-neighbour-{n}`),
      arrival: { kind: 'rate', perSecond: 5 },
    });
    const told: Record<string, string> = {};
    for (const kind of ['many', 'wide', 'endless'] as const) {
      const count = counts[kind];
      const http = { endless: true };
      if (kind === 'endless')
        await chaos.faults({ match: { query: 'bulk', route: 'results' }, http });
      const huge = await chaos.fire({
        questions: ask('bulk', `${chaos.run}-${kind}-{n}`),
        arrival: { kind: 'at-once', count },
      });
      told[kind] = outcomes(huge);
      const code = kind === 'endless' ? 'bad-result' : 'result-too-large';
      chaos.claim(`${kind}: refused, and told why`, countBy(huge, code) === count, told[kind]);
    }
    await chaos.faults();
    await chaos.recovery();
    const neighbours = await endNeighbours();
    const { grownMb, reads } = await watch();
    const live = countBy(neighbours, 'live');
    chaos.claim('neighbours finish', live === neighbours.length, outcomes(neighbours));
    chaos.claim(`no worker grows by more than ${mostGrownMb} MiB`, grownMb <= mostGrownMb, grownMb);
    chaos.claim('no list is read on for ever', reads <= 15, reads);
    return { ...told, slowestNeighbourMs: slowestMs(neighbours), grownMb, mostReads: reads };
  },
});

/** Looks at the workers' memory until it is called: by how much the one that grew most did, and the most reads of a job. */
function watchWorkers(chaos: Chaos) {
  const pids = chaos.stack.workers.map(({ pid }) => pid);
  const first = Promise.all(pids.map(residentBytes));
  let grownBytes = 0;
  const over = new AbortController();
  const looking = (async () => {
    const before = await first;
    while (!over.signal.aborted) {
      for (const [at, pid] of pids.entries())
        grownBytes = Math.max(grownBytes, ((await residentBytes(pid)) ?? 0) - (before[at] ?? 0));
      await sleep(100);
    }
  })();
  return async () => {
    over.abort();
    await looking;
    const jobs = await chaos.warehouse.ask('jobs', 'bulk');
    const reads = Math.max(0, ...jobs.map(({ calls }) => calls['results'] ?? 0));
    return { grownMb: Math.round(grownBytes / 2 ** 20), reads };
  };
}
