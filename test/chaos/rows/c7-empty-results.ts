import { setTimeout as sleep } from 'node:timers/promises';
import { openCache } from '../loads/cache-entries.ts';
import { ask } from '../question.ts';
import { defineRow } from '../row.ts';
import { countBy, keys, outcomes } from '../tally.ts';

const atOnce = { kind: 'at-once', count: 5 } as const;

export default defineRow({
  id: 'C7',
  title: 'Results are empty, or errors',
  injected:
    'five questions without rows; five that the warehouse refuses (400 invalidQuery) and one more that it refuses to refresh',
  quick: true,
  allows: { warehouse: { jobsPerMark: 6 } },
  async run(chaos) {
    const empty = keys(`${chaos.run}-empty`, 5).map((key) => ask('nothing', key));
    const first = await chaos.fire({ questions: empty, arrival: atOnce });
    const again = await chaos.fire({ questions: empty, arrival: atOnce });
    const held = ask('plain', `${chaos.run}-held`);
    await chaos.seed([held]);
    using cache = openCache(chaos);
    const [before] = await cache.find([`${chaos.run}-held`]);
    // Fresh for one second: after that it is to be refreshed.
    await sleep(1_100);
    await chaos.faults({ error: { status: 400, reason: 'invalidQuery' } });
    const refused = keys(`${chaos.run}-refused`, 5).map((key) => ask('lasting', key));
    const stored = await cache.redis.dbsize();
    const failed = await chaos.fire({ questions: refused, arrival: atOnce });
    const refreshed = await chaos.fire({ questions: held, arrival: { ...atOnce, count: 1 } });
    const added = (await cache.redis.dbsize()) - stored;
    const [after] = await cache.find([`${chaos.run}-held`]);
    await chaos.faults();
    await chaos.recovery();
    const healed = await chaos.fire({ questions: refused, arrival: atOnce });
    const isEmpty = [...first, ...again].every(({ stamps }) => stamps?.length === 0);
    chaos.claim('no rows are an answer', countBy(first, 'live') === 5 && isEmpty, outcomes(first));
    chaos.claim('and stored', countBy(again, 'fresh') === 5, outcomes(again));
    const told = failed.filter(({ status = 0 }) => status >= 400);
    chaos.claim('an error is an error', told.length === 5, outcomes(failed));
    chaos.claim('and not stored', added <= 0, added);
    chaos.claim(
      'what stood there still does',
      before?.bytes.equals(after?.bytes ?? Buffer.alloc(0)) === true,
    );
    chaos.claim('and is given as stale', countBy(refreshed, 'stale') === 1, outcomes(refreshed));
    chaos.claim(
      'whoever was refused is answered after it',
      countBy(healed, 'live') === 5,
      outcomes(healed),
    );
    return { empty: outcomes(first), again: outcomes(again), refused: outcomes(failed) };
  },
});
