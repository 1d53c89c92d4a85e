import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createEntryMemory } from '../../../gateway/entries/entry-memory.ts';
import { createEntryReader, type EntryReaderParts } from '../../../gateway/entries/entry-reader.ts';
import { monotonicClock } from '../../../shared/clock.ts';
import type { Entry } from '../../../shared/entry/entry.ts';
import { createEntryStore } from '../../../shared/entry/entry-store.ts';
import { createEpochStore } from '../../../shared/epochs/epoch-store.ts';
import { createKnownEpochs } from '../../../shared/epochs/known-epochs.ts';
import { entryKey } from '../../../shared/redis/keys.ts';
import { until } from '../../until.ts';
import { encoded, makeEntry, newFingerprint } from '../../shared/entry/make-entry.ts';
import { settling, startTestRedis } from '../../shared/with-redis.ts';

describe('a reader of entries', () => {
  test('gives what the store has and, once it is frozen or gone, what it gave before', async () => {
    await using redis = await startTestRedis('cache');
    const connection = await redis.connect();
    const entries = createEntryStore(connection);
    const { reader, told } = readerOf({ entries });
    const [known, unknown] = [makeEntry(), newFingerprint()];
    await entries.write(await encoded(known), 60_000);
    const wanted = [unknown, known.fingerprint];
    const held = [{ kind: 'none' }, { kind: 'entry', entry: known }];
    assert.deepEqual(await reader.read(wanted), { found: held, storeDown: false });

    redis.server.freeze();
    assert.deepEqual(await settling(reader.read(wanted)), { found: held, storeDown: true });
    redis.server.thaw();
    await until(async () => !(await reader.read(wanted)).storeDown, { what: 'it reads again' });
    connection.disconnect();
    assert.deepEqual(await reader.read(wanted), { found: held, storeDown: true });
    assert.ok(told.includes('redis cache'));
  });

  test('gives what the store has lost as it was read before, but nothing in place of what is unreadable', async () => {
    await using redis = await startTestRedis('cache');
    const connection = await redis.connect();
    const entries = createEntryStore(connection);
    const { reader, told } = readerOf({ entries });
    const entry = makeEntry();
    const { fingerprint } = entry;
    await entries.write(await encoded(entry), 60_000);
    await reader.read([fingerprint]);
    await connection.del(entryKey(fingerprint));
    const remembered = { found: [{ kind: 'entry', entry }], storeDown: false };
    assert.deepEqual(await reader.read([fingerprint]), remembered);
    await connection.set(entryKey(fingerprint), 'junk');
    assert.equal((await reader.read([fingerprint])).found[0]?.kind, 'unreadable');
    assert.deepEqual(told, [`unreadable ${fingerprint}`]);
  });

  test('does not give what was purged since it was read, though it was lost as well', async () => {
    await using redis = await startTestRedis('cache');
    const connection = await redis.connect();
    const epochs = createKnownEpochs();
    const entries = createEntryStore(connection, monotonicClock, epochs);
    const { reader } = readerOf({
      entries,
      memory: createEntryMemory(1_000_000, monotonicClock, epochs),
    });
    const entry = makeEntry();
    await entries.write(await encoded(entry), 60_000);
    await reader.read([entry.fingerprint]);
    await connection.del(entryKey(entry.fingerprint));
    const board = createEpochStore({ cache: connection, queue: connection });
    await board.invalidate({ all: true }, 'purge', monotonicClock.now());
    assert.deepEqual((await reader.read([entry.fingerprint])).found, [{ kind: 'none' }]);
  });

  test('asks the store once for all who want the same at the same time, and anew for who comes later', async () => {
    await using redis = await startTestRedis('cache');
    const connection = await redis.connect();
    const store = createEntryStore(connection);
    let reads = 0;
    const entries: EntryReaderParts['entries'] = {
      readMany(wanted) {
        reads += 1;
        return store.readMany(wanted);
      },
    };
    const { reader } = readerOf({ entries });
    const { fingerprint } = makeEntry();
    const crowd = Array.from({ length: 100 }, () => reader.read([fingerprint]));
    const other = reader.read([newFingerprint()]);
    assert.deepEqual(new Set((await Promise.all(crowd)).map(({ storeDown }) => storeDown)).size, 1);
    await other;
    assert.equal(reads, 2);
    await reader.read([fingerprint]);
    assert.equal(reads, 3);
    connection.disconnect();
  });

  test('gives what it is told of, such as a flight that has landed, while the breaker is open', async () => {
    const entry = makeEntry();
    const { reader, memory } = readerOf({
      entries: { readMany: () => Promise.reject(new Error('never asked')) },
      breaker: { guard: async () => ({ open: true }) },
    });
    memory.keep(entry);
    const { found, storeDown } = await reader.read([entry.fingerprint]);
    assert.deepEqual(found, [{ kind: 'entry', entry }] satisfies { kind: 'entry'; entry: Entry }[]);
    assert.equal(storeDown, true);
  });

  test('asks nobody for nothing', async () => {
    const { reader, told } = readerOf({
      entries: { readMany: () => Promise.reject(new Error('asked')) },
    });
    assert.deepEqual(await reader.read([]), { found: [], storeDown: false });
    assert.deepEqual(told, []);
  });
});

function readerOf(parts: Pick<EntryReaderParts, 'entries'> & Partial<EntryReaderParts>) {
  const told: string[] = [];
  const memory = createEntryMemory(1_000_000, monotonicClock);
  const reader = createEntryReader({
    breaker: { guard: async (call) => ({ open: false, value: await call() }) },
    memory,
    events: {
      redisError: (role) => told.push(`redis ${role}`),
      entryUnreadable: (fingerprint) => told.push(`unreadable ${fingerprint}`),
    },
    boundMs: 500,
    ...parts,
  });
  return { reader, memory, told };
}
