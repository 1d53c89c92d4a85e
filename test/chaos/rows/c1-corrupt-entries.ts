import { randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import { residentBytes } from '../judges/process/proc.ts';
import { openCache, type StoredEntry } from '../loads/cache-entries.ts';
import { bomb, entryBytes, framed, headerOf, payloadOf } from '../loads/entry-bytes.ts';
import { readMetric } from '../loads/read-metric.ts';
import { ask, PAST_MEMORY } from '../question.ts';
import { type Chaos, defineRow } from '../row.ts';
import { countBy, outcomes } from '../tally.ts';

const bombMebibytes = 256;
const mostGrowthMebibytes = 200;
/** An empty string reads as no key at all; what is too large may not be read to its end. */
const untold = 3;

/** What stands in the place of an entry. */
type Corruption = (entry: StoredEntry) => Buffer;

const corruptions: Readonly<Record<string, Corruption>> = {
  'random bytes': () => randomBytes(300),
  'random bytes behind the magic': () => Buffer.concat([Buffer.from('PNC1'), randomBytes(300)]),
  'one bit flipped in the rows': ({ bytes }) => flipped(bytes, bytes.length - 3),
  'one bit flipped in the header': ({ bytes }) => flipped(bytes, 40),
  'the second half missing': ({ bytes }) => bytes.subarray(0, bytes.length / 2),
  'the last byte missing': ({ bytes }) => bytes.subarray(0, -1),
  'one byte more': ({ bytes }) => Buffer.concat([bytes, Buffer.from(']')]),
  'a header that is no JSON': ({ bytes }) => framed(Buffer.from('{"finger'), payloadOf(bytes)),
  'a header that lacks everything': ({ bytes }) => framed(Buffer.from('{}'), payloadOf(bytes)),
  'a header that poisons prototypes': ({ bytes }) =>
    framed(Buffer.from('{"__proto__":{"asOf":1}}'), payloadOf(bytes)),
  'a length beyond the end': ({ bytes }) => {
    const long = Buffer.from(bytes);
    long.writeUInt32BE(0xff_ff_ff_ff, 8);
    return long;
  },
  '10 MB of random bytes': () => randomBytes(10_000_000),
  '20 MB of random bytes': () => randomBytes(20_000_000),
  'a bomb that says how large it is': ({ bytes }) => packed(bytes, bombMebibytes * 2 ** 20),
  'a bomb that says it is small': ({ bytes }) => packed(bytes, 1_000),
  'a bomb that says it is as large as may be': ({ bytes }) => packed(bytes, 64 * 2 ** 20),
  'rows that were never packed': ({ bytes }) =>
    entryBytes({ ...headerOf(bytes), encoding: 'zstd' }, payloadOf(bytes)),
};

/** Keys that hold no string, made by a command. */
const types: Readonly<Record<string, (redis: Redis, key: string) => Promise<unknown>>> = {
  'a list': (redis, key) => redis.rpush(key, 'x'),
  'a hash': (redis, key) => redis.hset(key, 'PNC1', 'x'),
  'a set': (redis, key) => redis.sadd(key, 'x'),
  'a stream': (redis, key) => redis.xadd(key, '*', 'x', 'y'),
  'an empty string': (redis, key) => redis.set(key, '', 'PX', 60_000),
};

export default defineRow({
  id: 'C1',
  title: 'Stored entries are corrupt',
  injected: `${Object.keys(corruptions).length + Object.keys(types).length} entries are overwritten: random bytes, flipped bits, cut, wrong headers with right checksums, wrong types, 10 and 20 MB, bombs of ${bombMebibytes} MiB`,
  quick: true,
  allows: { warehouse: { jobsPerMark: 2 } },
  async run(chaos) {
    const names = [...Object.keys(corruptions), ...Object.keys(types)];
    const asked = names.map((_, number) => `${chaos.run}-${number}`);
    const questions = asked.map((key) => ask('lasting', key, PAST_MEMORY));
    await chaos.seed(questions);
    using cache = openCache(chaos);
    const entries = await cache.find(asked);
    for (const [at, entry] of entries.entries()) await corrupt(cache.redis, names[at] ?? '', entry);
    const told = () => readMetric(chaos, 'punctual_faults_total', 'kind="entry-unreadable"');
    const [toldBefore, before] = [await told(), await resident(chaos)];
    const first = await chaos.fire({
      questions,
      arrival: { kind: 'in-turn', count: questions.length },
    });
    const grownMebibytes = Math.round(((await resident(chaos)) - before) / 2 ** 20);
    const arrival = { kind: 'at-once', count: questions.length } as const;
    const second = await chaos.fire({ questions, arrival });
    const missed = names.filter((name, at) => isMissed(name, first[at]?.outcome));
    chaos.claim('each is a miss', missed.length === names.length, missed.length);
    for (const [at, name] of names.entries())
      if (!missed.includes(name)) chaos.claim(`${name} is a miss`, false, first[at]?.outcome);
    const good = countBy(second, 'fresh', 'live');
    chaos.claim('and replaced', good === names.length, outcomes(second));
    const counted = (await told()) - toldBefore;
    chaos.claim('and told of', counted >= names.length - untold, counted);
    chaos.claim(
      `memory grows by ${mostGrowthMebibytes} MiB at most`,
      grownMebibytes <= mostGrowthMebibytes,
      grownMebibytes,
    );
    return { corrupt: names.length, toldOf: counted, grownMebibytes };
  },
});

/** What takes longer to read than an entry is waited for counts as a store that is away, and an empty string as no key: the process may remember the entry. */
const mayBeRemembered = /MB of|as large as|an empty string/;

function isMissed(name: string, outcome: string | undefined): boolean {
  return outcome === 'live' || (outcome === 'fresh' && mayBeRemembered.test(name));
}

async function corrupt(redis: Redis, name: string, entry: StoredEntry): Promise<void> {
  const bytes = corruptions[name]?.(entry);
  if (bytes) return void (await redis.set(entry.redisKey, bytes, 'PX', 60_000));
  await redis.del(entry.redisKey);
  await types[name]?.(redis, entry.redisKey);
  await redis.pexpire(entry.redisKey, 60_000);
}

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

function packed(bytes: Buffer, rawBytes: number): Buffer {
  return entryBytes({ ...headerOf(bytes), encoding: 'zstd', rawBytes }, bomb(bombMebibytes));
}

async function resident({ processes }: Chaos): Promise<number> {
  const all = await Promise.all((await processes.ask('serving')).map(residentBytes));
  return all.reduce<number>((sum, bytes) => sum + (bytes ?? 0), 0);
}
