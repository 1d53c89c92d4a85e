import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Redis } from 'ioredis';
import {
  createEntryStore,
  type EntryStore,
  type Found,
} from '../../../shared/entry/entry-store.ts';
import { MAX_STORED_BYTES } from '../../../shared/entry/codec.ts';
import { entryKey, snapshotKey } from '../../../shared/redis/keys.ts';
import { until } from '../../until.ts';
import { startTestRedis, type TestRedis } from '../with-redis.ts';
import { encoded, makeEntry, newFingerprint, withoutFrame } from './make-entry.ts';

const HOUR_MS = 3_600_000;
let redis: TestRedis;
let connection: Redis;
let store: EntryStore;

before(async () => {
  redis = await startTestRedis('cache');
  connection = await redis.connect();
  store = createEntryStore(connection);
});
after(() => redis[Symbol.asyncDispose]());

describe('the entry store', () => {
  test('gives back what was written, in the order asked, and misses for the rest', async () => {
    const [one, other] = [makeEntry(), makeEntry({ rows: Buffer.alloc(5_000, 'x') })];
    for (const entry of [one, other])
      assert.equal(await store.write(await encoded(entry), HOUR_MS), true);
    const found = await store.readMany([
      other.fingerprint,
      newFingerprint(),
      one.fingerprint,
      other.fingerprint,
    ]);
    const entries = found.map((one) => one.kind === 'entry' && withoutFrame(one.entry));
    assert.deepEqual(entries, [other, false, one, other]);
    assert.deepEqual(await store.readMany([]), []);
  });

  test('keeps an entry as long as it was told, and no longer', async () => {
    const entry = makeEntry();
    await store.write(await encoded(entry), HOUR_MS);
    const leftMs = await connection.pttl(entryKey(entry.fingerprint));
    assert.ok(leftMs > HOUR_MS - 60_000 && leftMs <= HOUR_MS, `${leftMs}`);
  });

  test('reads many entries in one round trip', async () => {
    const entries = Array.from({ length: 20 }, () => makeEntry());
    for (const entry of entries) await store.write(await encoded(entry), HOUR_MS);
    const before = await readsOf(connection);
    await store.readMany(entries.map((entry) => entry.fingerprint));
    // The question itself is the second read.
    assert.equal((await readsOf(connection)) - before, 2);
  });

  test('never replaces an entry by an older one, not even by a fraction of a millisecond', async () => {
    const newer = makeEntry({ asOf: 2_000.5 });
    const { fingerprint } = newer;
    await store.write(await encoded(newer), HOUR_MS);
    for (const asOf of [2_000.25, 2_000, 999])
      assert.equal(
        await store.write(await encoded(makeEntry({ fingerprint, asOf })), 1_000),
        false,
      );
    assert.deepEqual(await read(fingerprint), { kind: 'entry', entry: newer });
    assert.ok((await connection.pttl(entryKey(fingerprint))) > 60_000);
  });

  test('replaces an entry by a newer one and by one of the same instant', async () => {
    const { fingerprint } = makeEntry();
    for (const asOf of [1_000, 1_000, 1_000.5, 10_000]) {
      const entry = makeEntry({ fingerprint, asOf, rows: Buffer.from(`[${asOf}]`) });
      assert.equal(await store.write(await encoded(entry), HOUR_MS), true);
      assert.deepEqual(await read(fingerprint), { kind: 'entry', entry });
    }
  });

  test('ends with the newest of many that are written at once', async () => {
    const { fingerprint } = makeEntry();
    const writers = await Promise.all([redis.connect(), redis.connect(), redis.connect()]);
    const instants = [5, 90, 3, 41, 89, 7, 66, 12, 88];
    await Promise.all(
      instants.map(async (asOf, index) => {
        const writer = createEntryStore(writers[index % writers.length] ?? connection);
        await writer.write(await encoded(makeEntry({ fingerprint, asOf })), HOUR_MS);
      }),
    );
    const found = await read(fingerprint);
    assert.equal(found.kind === 'entry' && found.entry.asOf, 90);
  });

  test('takes unreadable bytes for a miss that says why, and writes over them', async () => {
    const entry = makeEntry();
    const key = entryKey(entry.fingerprint);
    for (const bytes of ['PNC1', 'PNC1 and nothing that is "asOf":9999999999999999', '{}']) {
      await connection.set(key, bytes);
      assert.deepEqual(await read(entry.fingerprint), { kind: 'unreadable', why: 'not an entry' });
    }
    assert.equal(await store.write(await encoded(entry), HOUR_MS), true);
    assert.equal((await read(entry.fingerprint)).kind, 'entry');
  });

  test('takes an empty string for no entry', async () => {
    const { fingerprint } = makeEntry();
    await connection.set(entryKey(fingerprint), '');
    assert.deepEqual(await read(fingerprint), { kind: 'none' });
  });

  test('takes a key that holds no string for unreadable, beside others that are in order, and writes over it', async () => {
    const [odd, sound] = [makeEntry(), makeEntry()];
    await connection.rpush(entryKey(odd.fingerprint), 'a list');
    await store.write(await encoded(sound), HOUR_MS);
    const kinds = (await store.readMany([odd.fingerprint, sound.fingerprint])).map(
      (one) => one.kind,
    );
    assert.deepEqual(kinds, ['unreadable', 'entry']);
    assert.equal(await store.write(await encoded(odd), HOUR_MS), true);
    assert.equal((await read(odd.fingerprint)).kind, 'entry');
  });

  test('takes an entry that stands under a foreign key for unreadable', async () => {
    const [theirs, ours] = [makeEntry(), newFingerprint()];
    await store.write(await encoded(theirs), HOUR_MS);
    await connection.copy(entryKey(theirs.fingerprint), entryKey(ours));
    assert.deepEqual(await read(ours), { kind: 'unreadable', why: 'entry of another fingerprint' });
  });

  test('believes no stamp from the future when it writes, and every other', async () => {
    const now = 1_763_683_200_000;
    const writer = createEntryStore(connection, { now: () => now });
    const { fingerprint } = makeEntry();
    const write = async (asOf: number) =>
      writer.write(await encoded(makeEntry({ fingerprint, asOf })), HOUR_MS);
    assert.equal(await write(now + 60_000), true);
    assert.equal(await write(now), false);
    assert.equal(await write(now + 3_600_000), true);
    assert.equal(await write(now), true);
  });
});

describe('bytes that cannot be read', () => {
  const junk: Record<string, Buffer> = {
    'of any kind': Buffer.from('a'.repeat(100)),
    'that are few': Buffer.from('PNC1'),
    'that are more than an entry may have': Buffer.alloc(MAX_STORED_BYTES + 1_000, 'PNC1'),
  };
  for (const [name, bytes] of Object.entries(junk))
    test(`${name} are removed`, async () => {
      const key = entryKey(newFingerprint());
      await connection.set(key, bytes);
      assert.equal((await read(fingerprintOf(key))).kind, 'unreadable');
      await until(async () => (await connection.exists(key)) === 0, { what: 'they are gone' });
    });

  test('because they are no string are removed', async () => {
    const key = entryKey(newFingerprint());
    await connection.rpush(key, 'a list');
    assert.equal((await read(fingerprintOf(key))).kind, 'unreadable');
    await until(async () => (await connection.exists(key)) === 0, { what: 'they are gone' });
  });

  test('are pulled only up to the length of the longest entry', async () => {
    const key = entryKey(newFingerprint());
    await connection.set(key, Buffer.alloc(MAX_STORED_BYTES * 2, 'PNC1'));
    const before = await sentBy(connection);
    assert.deepEqual(await read(fingerprintOf(key)), { kind: 'unreadable', why: 'too long' });
    assert.ok((await sentBy(connection)) - before < MAX_STORED_BYTES + 100_000);
  });

  test('are left alone once an entry has taken their place', async (t) => {
    const slow = await redis.connect();
    const evaluate = slow.eval.bind(slow);
    const latch = Promise.withResolvers<void>();
    const removals: Promise<unknown>[] = [];
    t.mock.method(slow, 'eval', (...call: Parameters<typeof evaluate>) => {
      removals.push(latch.promise.then(() => evaluate(...call)));
      return removals.at(-1);
    });
    const entries = await Promise.all(
      ['PNC1', 'PNC1'.repeat(10)].map(async (bytes) => {
        const entry = makeEntry();
        await connection.set(entryKey(entry.fingerprint), bytes);
        const [found] = await createEntryStore(slow).readMany([entry.fingerprint]);
        assert.equal(found?.kind, 'unreadable');
        await store.write(await encoded(entry), HOUR_MS);
        return entry;
      }),
    );
    latch.resolve();
    assert.deepEqual(await Promise.all(removals), [0, 0]);
    for (const entry of entries) assert.equal((await read(entry.fingerprint)).kind, 'entry');
  });

  test('but are those of another format are a miss, and stay for the release that wrote them', async () => {
    const key = entryKey(newFingerprint());
    await connection.set(key, 'PNC2 whatever that may be');
    assert.deepEqual(await read(fingerprintOf(key)), { kind: 'none' });
    await connection.ping();
    assert.equal(await connection.exists(key), 1);
  });
});

describe('a snapshot', () => {
  test('stays readable after the entry has been replaced or removed', async () => {
    const old = makeEntry({ asOf: 1_000.125 });
    const { fingerprint } = old;
    await store.write(await encoded(old), HOUR_MS);
    await store.keepSnapshot(fingerprint, old.asOf);
    await store.write(await encoded(makeEntry({ fingerprint, asOf: 2_000 })), HOUR_MS);
    assert.deepEqual(await store.readSnapshot(fingerprint, old.asOf), {
      kind: 'entry',
      entry: old,
    });
    await connection.del(entryKey(fingerprint));
    assert.equal((await store.readSnapshot(fingerprint, old.asOf)).kind, 'entry');
  });

  test('lives for 15 minutes, from the last time that it was asked to be kept', async () => {
    const entry = makeEntry();
    const key = snapshotKey(entry.fingerprint, entry.asOf);
    await store.write(await encoded(entry), HOUR_MS);
    await store.keepSnapshot(entry.fingerprint, entry.asOf);
    await connection.pexpire(key, 1_000);
    await store.keepSnapshot(entry.fingerprint, entry.asOf);
    const leftMs = await connection.pttl(key);
    assert.ok(leftMs > 14 * 60_000 && leftMs <= 15 * 60_000, `${leftMs}`);
  });

  test('of an instant that the entry has already left is none, and of nothing is none', async () => {
    const entry = makeEntry({ asOf: 2_000 });
    await store.write(await encoded(entry), HOUR_MS);
    await store.keepSnapshot(entry.fingerprint, 1_000);
    assert.deepEqual(await store.readSnapshot(entry.fingerprint, 1_000), { kind: 'none' });
    const unknown = newFingerprint();
    await store.keepSnapshot(unknown, 1_000);
    assert.deepEqual(await store.readSnapshot(unknown, 1_000), { kind: 'none' });
  });
});

async function read(fingerprint: string): Promise<Found> {
  const [found] = await store.readMany([fingerprint]);
  return found ?? { kind: 'none' };
}

/** How often the server has read from a socket: a round trip is one. */
async function readsOf(client: Redis): Promise<number> {
  const info = await client.info('stats');
  return Number(/total_reads_processed:(\d+)/.exec(info)?.[1]);
}

function fingerprintOf(key: string): string {
  return /\{(.*)\}/.exec(key)?.[1] ?? '';
}

/** How many bytes the server has sent. */
async function sentBy(client: Redis): Promise<number> {
  const info = await client.info('stats');
  return Number(/total_net_output_bytes:(\d+)/.exec(info)?.[1]);
}
