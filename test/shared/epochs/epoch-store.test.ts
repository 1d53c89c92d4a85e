import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { Redis } from 'ioredis';
import { createEntryStore } from '../../../shared/entry/entry-store.ts';
import { type Epochs, epochField, parseEpochs, readEpochs } from '../../../shared/epochs/epoch.ts';
import {
  createEpochStore,
  type EpochStore,
  MOST_SINGLE_ENTRIES,
  TooManyEntriesError,
} from '../../../shared/epochs/epoch-store.ts';
import { createQueryTables } from '../../../shared/epochs/query-tables.ts';
import { EPOCHS_CHANNEL, EPOCHS_KEY, QUERY_TABLES_KEY } from '../../../shared/redis/keys.ts';
import { until } from '../../until.ts';
import { encoded, makeEntry, newFingerprint } from '../entry/make-entry.ts';
import { startTestRedis, type TestRedis } from '../with-redis.ts';

const HOUR_MS = 3_600_000;
const now = Date.now();
let redis: TestRedis;
let connection: Redis;
let epochs: EpochStore;

before(async () => {
  redis = await startTestRedis('cache');
  connection = await redis.connect();
  epochs = createEpochStore({ cache: connection, queue: connection });
});
beforeEach(() => connection.flushall());
after(() => redis[Symbol.asyncDispose]());

describe('the epochs in the store', () => {
  test('move forward, each by itself, and never back', async () => {
    await epochs.invalidate({ queries: ['a', 'b'] }, 'soft', 1_700_000_000_000);
    await epochs.invalidate({ queries: ['b'] }, 'purge', 1_600_000_000_000.5);
    await epochs.invalidate({ queries: ['b'] }, 'soft', 1_500_000_000_000);
    await epochs.confirmUnchanged(['a'], 1_800_000_000_000);
    await epochs.invalidate({ all: true, fingerprint: 'f' }, 'soft', 9);
    const moved = { soft: 1_700_000_000_000, purge: 0, unchangedAt: 0 };
    assert.deepEqual(
      await stored(),
      new Map([
        ['query:a', { ...moved, unchangedAt: 1_800_000_000_000 }],
        ['query:b', { ...moved, purge: 1_600_000_000_001 }],
        ['all', { soft: 9, purge: 0, unchangedAt: 0 }],
        ['entry:f', { soft: 9, purge: 0, unchangedAt: 0 }],
      ]),
    );
  });

  test('are announced as they have moved', async () => {
    const subscriber = redis.open('subscriber');
    const heard: Epochs[] = [];
    subscriber.on('message', (_channel: string, text: string) => heard.push(parseEpochs(text)));
    await subscriber.subscribe(EPOCHS_CHANNEL);
    await epochs.invalidate({ queries: ['a'] }, 'purge', 5);
    await until(() => heard.length === 1);
    assert.deepEqual(heard[0], new Map([['query:a', { soft: 0, purge: 5, unchangedAt: 0 }]]));
  });

  test('have another version after every move, and none without one', async () => {
    const versions = new Set<string | null>([await connection.hget(EPOCHS_KEY, 'version')]);
    await epochs.invalidate({ queries: [] }, 'soft', 1);
    assert.equal(await connection.exists(EPOCHS_KEY), 0);
    for (const at of [1, 1, 2]) {
      await epochs.invalidate({ all: true }, 'soft', at);
      versions.add(await connection.hget(EPOCHS_KEY, 'version'));
    }
    assert.equal(versions.size, 4);
  });

  test('are forgotten once they are as old as was said, when others move', async () => {
    const bounded = createEpochStore({
      cache: connection,
      queue: connection,
      keepMs: () => HOUR_MS,
    });
    await bounded.invalidate({ queries: ['old'], fingerprint: 'old' }, 'purge', now - HOUR_MS - 1);
    await bounded.invalidate({ queries: ['young'] }, 'purge', now - HOUR_MS);
    await epochs.invalidate({ queries: ['other'] }, 'purge', now);
    assert.equal((await stored()).size, 4, 'who does not know how long they matter forgets none');
    await bounded.invalidate({ all: true }, 'soft', now);
    assert.deepEqual([...(await stored()).keys()].toSorted(), [
      'all',
      'query:other',
      'query:young',
    ]);
  });

  test('take so many single entries and no more, and lose none of them', async () => {
    const many = Array.from({ length: MOST_SINGLE_ENTRIES }, (_, index) => String(index));
    const epoch = { soft: now, purge: 0, unchangedAt: 0 };
    await epochs.restore(new Map(many.map((one) => [epochField.entry(one), epoch])));
    await assert.rejects(
      epochs.invalidate({ fingerprint: 'new' }, 'soft', now),
      TooManyEntriesError,
    );
    assert.equal((await stored()).size, MOST_SINGLE_ENTRIES);
    await epochs.invalidate({ fingerprint: '7' }, 'purge', now);
    await epochs.invalidate({ queries: ['q'] }, 'purge', now);
    assert.equal((await stored()).size, MOST_SINGLE_ENTRIES + 1);
    const bounded = createEpochStore({
      cache: connection,
      queue: connection,
      keepMs: () => HOUR_MS,
    });
    await bounded.invalidate({ fingerprint: 'new' }, 'soft', now + 2 * HOUR_MS);
    assert.deepEqual([...(await stored()).keys()], ['entry:new']);
  });

  test('move although nobody can be told, and that is heard of', async () => {
    const queue = await redis.connect();
    const untold: unknown[] = [];
    const mute = createEpochStore({
      cache: connection,
      queue,
      onUntold: (error) => untold.push(error),
    });
    queue.disconnect();
    await mute.invalidate({ queries: ['q'] }, 'purge', now);
    assert.equal(untold.length, 1);
    assert.ok((await stored()).has('query:q'));
  });

  test('take the place of what is no hash', async () => {
    await connection.set(EPOCHS_KEY, 'a string');
    await epochs.invalidate({ all: true }, 'soft', 3);
    assert.equal((await stored()).get('all')?.soft, 3);
  });
});

describe('entries are read as the epochs of that moment let them stand', () => {
  const put = async (asOf: number) => {
    const entry = makeEntry({ asOf });
    await createEntryStore(connection).write(await encoded(entry), HOUR_MS);
    return entry;
  };

  test('by every store, also one that has heard of nothing', async () => {
    const [old, young] = [await put(now - 2_000), await put(now)];
    const store = createEntryStore(await redis.connect());
    const wanted = [old.fingerprint, young.fingerprint];
    const read = async () =>
      (await store.readMany(wanted)).map((one) =>
        one.kind === 'entry' ? (one.entry.outdatedAt ?? 'fresh') : one.kind,
      );
    assert.deepEqual(await read(), ['fresh', 'fresh']);
    await epochs.invalidate({ queries: [old.query] }, 'soft', now - 1_000);
    assert.deepEqual(await read(), [now - 1_000, 'fresh']);
    await epochs.invalidate({ fingerprint: old.fingerprint }, 'purge', now - 1_000);
    assert.deepEqual(await read(), ['none', 'fresh']);
    await epochs.invalidate({ all: true }, 'purge', now);
    assert.deepEqual(await read(), ['none', 'none']);
  });

  test('for snapshots as for entries', async () => {
    const entry = await put(now);
    const store = createEntryStore(connection);
    await store.keepSnapshot(entry.fingerprint, entry.asOf);
    await epochs.invalidate({ queries: [entry.query] }, 'purge', now);
    const snapshot = await createEntryStore(connection).readSnapshot(entry.fingerprint, entry.asOf);
    assert.deepEqual(snapshot, { kind: 'none' });
  });

  test('in one round trip for all of them, and one more when an epoch has moved', async () => {
    const entries = await Promise.all(Array.from({ length: 20 }, () => put(now)));
    const wanted = entries.map(({ fingerprint }) => fingerprint);
    const store = createEntryStore(connection);
    await epochs.invalidate({ queries: ['other'] }, 'soft', now);
    // The question itself is a read, too.
    for (const reads of [3, 2]) {
      const readsBefore = await readsOf();
      await store.readMany(wanted);
      assert.equal((await readsOf()) - readsBefore, reads);
    }
  });

  test('also by one who asks while others still wait for the epochs of a moment before', async (t) => {
    const entry = await put(now);
    const slow = await redis.connect();
    const store = createEntryStore(slow);
    const readAll = slow.hgetall.bind(slow);
    const latch = Promise.withResolvers<void>();
    let asked = 0;
    t.mock.method(slow, 'hgetall', async (key: string) => {
      asked += 1;
      const fields = await readAll(key);
      await latch.promise;
      return fields;
    });
    await epochs.invalidate({ queries: ['other'] }, 'soft', now);
    const early = [1, 2, 3].map(() => store.readMany([entry.fingerprint]));
    await until(() => asked === 1);
    await epochs.invalidate({ queries: [entry.query] }, 'purge', now);
    const late = store.readMany([entry.fingerprint]);
    await until(() => asked === 2);
    latch.resolve();
    assert.deepEqual(await late, [{ kind: 'none' }]);
    await Promise.all(early);
    assert.equal(asked, 2);
  });

  test('where no hash stands as if there were no epochs', async () => {
    const entry = await put(now);
    await connection.rpush(EPOCHS_KEY, 'a list');
    const [found] = await createEntryStore(connection).readMany([
      entry.fingerprint,
      newFingerprint(),
    ]);
    assert.equal(found?.kind, 'entry');
  });

  test('and what a process knows stays known to it when the store has lost it', async () => {
    const entry = await put(now);
    const store = createEntryStore(connection);
    await epochs.invalidate({ queries: [entry.query] }, 'purge', now);
    await store.readMany([entry.fingerprint]);
    await connection.del(EPOCHS_KEY);
    assert.deepEqual(await store.readMany([entry.fingerprint]), [{ kind: 'none' }]);
  });
});

test('the tables of queries are read as they were written, and what is none is left out', async () => {
  const tables = createQueryTables(connection);
  await tables.write('a', 'v1', ['p.d.t', 'p.d.u']);
  await tables.write('a', 'v2', ['p.d.t']);
  await connection.hset(QUERY_TABLES_KEY, { b: '{', c: '{"version":1}' });
  assert.deepEqual(await tables.read(), new Map([['a', { version: 'v2', tables: ['p.d.t'] }]]));
});

async function stored(): Promise<Epochs> {
  return readEpochs(await connection.hgetall(EPOCHS_KEY));
}

/** How often the server has read from a socket: a round trip is one. */
async function readsOf(): Promise<number> {
  const info = await connection.info('stats');
  return Number(/total_reads_processed:(\d+)/.exec(info)?.[1]);
}
