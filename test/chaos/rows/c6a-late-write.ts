import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../until.ts';
import { openCache, type CacheEntries } from '../loads/cache-entries.ts';
import { headerOf } from '../loads/entry-bytes.ts';
import { ask } from '../question.ts';
import { type Chaos, defineRow } from '../row.ts';
import { countBy, outcomes } from '../tally.ts';

const lateMs = 16_000;
const once = { kind: 'at-once', count: 1 } as const;

export default defineRow({
  id: 'C6a',
  title: 'A write to the cache arrives long after newer ones',
  injected: `the bytes of an entry are under way for ${lateMs / 1_000} s, and their writer is killed meanwhile; other workers write newer entries before they arrive`,
  quick: false,
  allows: { ends: { worker: 2 }, controlDegrades: true, warehouse: { jobsPerMark: 6 } },
  async run(chaos) {
    const key = `${chaos.run}-late`;
    const question = ask('plain', key);
    await chaos.seed([question]);
    using cache = openCache(chaos);
    const versions = watchVersions(cache, key);
    await sleep(1_100);
    await chaos.faults({ match: { query: 'plain' }, latencyMs: 2_000 });
    const under = new Set((await passages(chaos)).map(({ number }) => number));
    const jobs = (await chaos.warehouse.ask('jobs', 'plain')).length;
    const asking = chaos.fire({ questions: question, arrival: once });
    const newJobs = async () => (await chaos.warehouse.ask('jobs', 'plain')).slice(jobs);
    await until(async () => (await newJobs()).length > 0);
    // Only now: a flight that cannot read the cache is not begun.
    await chaos.trouble('worker-cache', { up: { latencyMs: lateMs } });
    await until(async () => (await newJobs()).every(({ endedAt }) => endedAt !== undefined));
    await chaos.faults();
    await sleep(500);
    await Promise.all(chaos.stack.workers.map((worker) => worker.kill()));
    await chaos.trouble('worker-cache', {});
    await Promise.all(chaos.stack.workers.map((worker) => worker.restart()));
    await chaos.watchProcesses();
    const late = await asking;
    const isUnderway = async () => (await passages(chaos)).some(({ number }) => under.has(number));
    const newer = [];
    for (let turn = 0; turn < 5; turn += 1) {
      newer.push(...(await chaos.fire({ questions: question, arrival: once })));
      await sleep(1_100);
    }
    const wasUnderway = await isUnderway();
    await until(async () => !(await isUnderway()), { withinMs: 2 * lateMs });
    await sleep(500);
    const seen = await versions.end();
    await chaos.recovery('plain');
    const backward = seen.filter((asOf, at) => asOf < (seen[at - 1] ?? 0)).length;
    chaos.claim('newer entries were there first', wasUnderway && seen.length >= 3, seen.length);
    chaos.claim('what is stored never goes back', backward === 0, backward);
    const good = countBy(newer, 'live', 'fresh', 'stale');
    chaos.claim('whoever asks meanwhile is answered', good === newer.length, outcomes(newer));
    return { first: outcomes(late), meanwhile: outcomes(newer), versionsSeen: seen.length };
  },
});

async function passages({ proxy }: Chaos) {
  return proxy.ask('passages', 'worker-cache');
}

/** Looks at an entry all the time; `end` gives the instants that it was as of, in the order in which they were seen. */
function watchVersions(cache: CacheEntries, key: string) {
  const seen: number[] = [];
  const over = new AbortController();
  const watching = look(cache, key, seen, over.signal).catch(() => undefined);
  return {
    async end(): Promise<readonly number[]> {
      over.abort();
      await watching;
      return seen;
    },
  };
}

async function look(cache: CacheEntries, key: string, seen: number[], over: AbortSignal) {
  const [entry] = await cache.find([key]);
  while (!over.aborted) {
    const bytes = await cache.redis.getBuffer(entry?.redisKey ?? '');
    const asOf = bytes ? headerOf(bytes).asOf : undefined;
    if (asOf !== undefined && asOf !== seen.at(-1)) seen.push(asOf);
    await sleep(20);
  }
}
