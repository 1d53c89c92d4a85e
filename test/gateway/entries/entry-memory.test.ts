import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createEntryMemory } from '../../../gateway/entries/entry-memory.ts';
import { monotonicClock } from '../../../shared/clock.ts';
import { epochField, NO_EPOCH } from '../../../shared/epochs/epoch.ts';
import { createKnownEpochs } from '../../../shared/epochs/known-epochs.ts';
import { makeEntry } from '../../shared/entry/make-entry.ts';

const MEGABYTE = 1_000_000;
const rows = Buffer.alloc(1_000, 'x');

describe('the memory of entries', () => {
  test('gives back what it keeps, and nothing else', () => {
    const memory = createEntryMemory(MEGABYTE, monotonicClock);
    const entry = makeEntry();
    memory.keep(entry);
    assert.deepEqual(memory.get(entry.fingerprint), entry);
    assert.equal(memory.get('another'), undefined);
  });

  test('never replaces an entry by an older one', () => {
    const memory = createEntryMemory(MEGABYTE, monotonicClock);
    const newer = makeEntry({ asOf: 2_000 });
    const { fingerprint } = newer;
    memory.keep(newer);
    memory.keep(makeEntry({ fingerprint, asOf: 1_999 }));
    assert.equal(memory.get(fingerprint)?.asOf, 2_000);
    memory.keep(makeEntry({ fingerprint, asOf: 2_001 }));
    assert.equal(memory.get(fingerprint)?.asOf, 2_001);
  });

  test('believes no stamp from the future', () => {
    const memory = createEntryMemory(MEGABYTE, { now: () => 1_000_000 });
    const wrong = makeEntry({ asOf: 5_000_000 });
    const { fingerprint } = wrong;
    memory.keep(wrong);
    memory.keep(makeEntry({ fingerprint, asOf: 900_000 }));
    assert.equal(memory.get(fingerprint)?.asOf, 900_000);
  });

  test('stays within its bytes, whatever comes, and counts what an entry costs beside its rows', () => {
    const memory = createEntryMemory(MEGABYTE, monotonicClock);
    for (let size = 0; size < 4_000; size++)
      memory.keep(makeEntry({ rows: Buffer.alloc((size * 37) % 20_000) }));
    assert.ok(memory.bytes <= MEGABYTE && memory.bytes > MEGABYTE / 2, `${memory.bytes}`);
    const empty = createEntryMemory(MEGABYTE, monotonicClock);
    empty.keep(makeEntry({ rows: Buffer.alloc(0) }));
    assert.ok(empty.bytes >= 1_000);
  });

  test('keeps hot keys through a flood of keys that are asked for once', () => {
    const memory = createEntryMemory(MEGABYTE, monotonicClock);
    const hot = Array.from({ length: 50 }, () => makeEntry({ rows }));
    for (const entry of hot) memory.keep(entry);
    let hits = 0;
    const floods = 20_000;
    for (let flood = 0; flood < floods; flood++) {
      memory.keep(makeEntry({ rows }));
      const entry = hot[flood % hot.length];
      if (!entry) continue;
      if (memory.get(entry.fingerprint)) hits++;
      memory.keep(entry);
    }
    assert.equal(hits, floods);
    assert.ok(memory.bytes <= MEGABYTE);
  });

  test('lets no single entry push out all others', () => {
    const memory = createEntryMemory(MEGABYTE, monotonicClock);
    const [small, huge] = [makeEntry(), makeEntry({ rows: Buffer.alloc(MEGABYTE / 2) })];
    memory.keep(small);
    memory.keep(huge);
    assert.equal(memory.get(huge.fingerprint), undefined);
    assert.ok(memory.get(small.fingerprint));
  });

  test('forgets an old entry whose newer one is too large', () => {
    const memory = createEntryMemory(MEGABYTE, monotonicClock);
    const old = makeEntry({ asOf: 1 });
    memory.keep(old);
    memory.keep({ ...old, asOf: 2, rows: Buffer.alloc(MEGABYTE / 2) });
    assert.equal(memory.get(old.fingerprint), undefined);
  });

  test('gives no entry that was purged, and outdated ones as what they are', () => {
    const epochs = createKnownEpochs();
    const memory = createEntryMemory(MEGABYTE, monotonicClock, epochs);
    const entry = makeEntry({ asOf: 1_000 });
    const { fingerprint, query } = entry;
    memory.keep(entry);
    epochs.merge(new Map([[epochField.query(query), { ...NO_EPOCH, soft: 2_000 }]]));
    assert.equal(memory.get(fingerprint)?.outdatedAt, 2_000);
    epochs.merge(new Map([[epochField.entry(fingerprint), { ...NO_EPOCH, purge: 1_000 }]]));
    assert.equal(memory.get(fingerprint), undefined);
  });

  test('holds rows once, and not the frame that they came in', () => {
    const memory = createEntryMemory(MEGABYTE, monotonicClock);
    const entry = { ...makeEntry(), zstd: Buffer.from('frame') };
    memory.keep(entry);
    assert.equal(memory.get(entry.fingerprint)?.zstd, undefined);
  });
});
