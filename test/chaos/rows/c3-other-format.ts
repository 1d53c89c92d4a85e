import { zstdCompressSync } from 'node:zlib';
import { openCache } from '../loads/cache-entries.ts';
import { entryBytes, framed, headerOf, payloadOf } from '../loads/entry-bytes.ts';
import { ask, PAST_MEMORY } from '../question.ts';
import { defineRow } from '../row.ts';
import { countBy, keys, outcomes } from '../tally.ts';

const magics = ['PNC0', 'PNC2', 'PNC3', 'PNC9'];

export default defineRow({
  id: 'C3',
  title: 'Entries have an older or newer format',
  injected:
    'entries of formats that do not exist yet, or no more, in the place of ours; and entries of our format that another program has written; then the gateway starts anew, and remembers nothing',
  quick: false,
  allows: {
    ends: { gateway: 2 },
    breaks: ['reset', 'closed', 'refused'],
    warehouse: { jobsPerMark: 2 },
    controlDegrades: true,
  },
  async run(chaos) {
    const foreignKeys = keys(`${chaos.run}-foreign`, magics.length);
    const ownKeys = keys(`${chaos.run}-own`, 3);
    await chaos.seed([...foreignKeys, ...ownKeys].map((key) => ask('lasting', key, PAST_MEMORY)));
    using cache = openCache(chaos);
    const foreign = await cache.find(foreignKeys);
    for (const [at, { redisKey, bytes }] of foreign.entries())
      await cache.redis.set(redisKey, framed(bytes, bytes, magics[at]), 'PX', 60_000);
    const own = await cache.find(ownKeys);
    const rewritten = own.map(({ bytes }) => rewrites(bytes));
    for (const [at, { redisKey }] of own.entries())
      await cache.redis.set(redisKey, rewritten[at]?.[at] ?? '', 'PX', 60_000);
    await chaos.stack.gateway.restart();
    await chaos.watchProcesses();

    const cached = { 'Cache-Control': 'only-if-cached' };
    const foreignArrival = { kind: 'at-once', count: magics.length } as const;
    const looked = await chaos.fire({
      questions: foreignKeys.map((key) => ask('lasting', key, cached)),
      arrival: foreignArrival,
    });
    const left = await Promise.all(foreign.map(({ redisKey }) => cache.redis.getBuffer(redisKey)));
    const kept = left.filter((bytes, at) => bytes?.toString('latin1', 0, 4) === magics[at]).length;
    const asked = await chaos.fire({
      questions: foreignKeys.map((key) => ask('lasting', key, PAST_MEMORY)),
      arrival: foreignArrival,
    });
    const read = await chaos.fire({
      questions: ownKeys.map((key) => ask('lasting', key, PAST_MEMORY)),
      arrival: { kind: 'at-once', count: ownKeys.length },
    });
    chaos.claim(
      'another format is a miss',
      countBy(looked, 'fresh', 'stale') === 0,
      outcomes(looked),
    );
    chaos.claim('and left to the release that can read it', kept === magics.length, kept);
    chaos.claim('whoever asks gets rows', countBy(asked, 'live') === asked.length, outcomes(asked));
    chaos.claim('ours is read, whoever wrote it', countBy(read, 'fresh') === 3, outcomes(read));
    return { foreign: outcomes(asked), own: outcomes(read) };
  },
});

/** The same entry as it is, packed, and with more in its header than this release knows. */
function rewrites(bytes: Buffer): readonly Buffer[] {
  const [header, payload] = [headerOf(bytes), payloadOf(bytes)];
  const more = Buffer.from(JSON.stringify({ ...header, addedLater: [1, 2, 3] }));
  return [
    entryBytes(header, payload),
    entryBytes({ ...header, encoding: 'zstd' }, zstdCompressSync(payload)),
    framed(more, payload),
  ];
}
