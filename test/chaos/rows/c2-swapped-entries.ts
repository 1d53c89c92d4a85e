import { openCache } from '../loads/cache-entries.ts';
import { ask, PAST_MEMORY } from '../question.ts';
import { defineRow } from '../row.ts';
import { countBy, keys, outcomes } from '../tally.ts';

const count = 200;

export default defineRow({
  id: 'C2',
  title: 'Entries stand under one another’s keys',
  injected:
    'the entries of 200 questions are dealt out at random among their keys and asked for: 10,000 of them (1,000 in haste)',
  quick: true,
  allows: { warehouse: { jobsPerMark: 2 } },
  async run(chaos) {
    const asked = keys(chaos.run, count);
    const questions = asked.map((key) => ask('lasting', key, PAST_MEMORY));
    // Seeding and asking anew are flights, and cost more than a look.
    const flightsPerSecond = chaos.isStrict ? 40 : 100;
    await chaos.fire({ questions, arrival: spread(flightsPerSecond) });
    using cache = openCache(chaos);
    const entries = await cache.find(asked);
    const rounds = chaos.isStrict ? 50 : 5;
    const looksPerSecond = chaos.isStrict ? 200 : 100;
    const cached = { 'Cache-Control': 'only-if-cached' };
    let remembered = 0;
    let missed = 0;
    for (let round = 0; round < rounds; round += 1) {
      const dealt = shuffled(entries);
      const stays = new Set(asked.filter((_, at) => dealt[at] === entries[at]));
      const pipeline = cache.redis.pipeline();
      for (const [at, { redisKey }] of entries.entries())
        pipeline.set(redisKey, dealt[at]?.bytes ?? '', 'PX', 600_000);
      await pipeline.exec();
      const exchanges = await chaos.fire({
        questions: asked.map((key) => ask('lasting', key, cached)),
        arrival: spread(looksPerSecond),
      });
      const fresh = exchanges.filter(({ outcome }) => outcome === 'fresh');
      const right = fresh.filter(({ key }) => stays.has(key ?? '')).length;
      remembered += fresh.length - right;
      missed += stays.size - right;
    }
    const after = await chaos.fire({ questions, arrival: spread(flightsPerSecond) });
    // For another's entry a process gives what it remembers of its own; that no row is another's, the client judges.
    const most = chaos.isStrict ? 0 : (rounds * count) / 100;
    chaos.claim('those that stayed are given', missed <= most, missed);
    const good = countBy(after, 'live', 'fresh');
    chaos.claim('all are answered well after it', good === count, outcomes(after));
    return { swaps: rounds * count, remembered };
  },
});

/** Every question once, at this rate. */
function spread(perSecond: number) {
  return { kind: 'rate', perSecond, forMs: (count * 1_000) / perSecond - 1 } as const;
}

function shuffled<T>(list: readonly T[]): T[] {
  const copy = [...list];
  for (let at = copy.length - 1; at > 0; at -= 1) {
    const other = Math.floor(Math.random() * (at + 1));
    const kept = copy[at];
    copy.splice(at, 1, ...copy.slice(other, other + 1));
    if (kept !== undefined) copy.splice(other, 1, kept);
  }
  return copy;
}
