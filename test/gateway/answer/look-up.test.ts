import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { lookUp } from '../../../gateway/answer/look-up.ts';
import { type Part, preparePart } from '../../../gateway/answer/part.ts';
import type { PreviousVersion } from '../../../gateway/answer/previous-version.ts';
import type { Entry } from '../../../shared/entry/entry.ts';
import type { Found } from '../../../shared/entry/entry-store.ts';
import { loadCatalog } from '../../../shared/catalog/load-catalog.ts';
import { makeEntry, newFingerprint } from '../../shared/entry/make-entry.ts';

const catalog = await loadCatalog();
const part = (userId: number): Part =>
  preparePart(catalog, 'recommended', {
    query: 'home-recommended',
    parameters: { userId, limit: 4 },
  });

describe('what is held for the parts of an answer', () => {
  test('is asked for all at once, each fingerprint once, fallbacks among them', async () => {
    const parts = [part(1), part(2)];
    const asked: (readonly string[])[] = [];
    await lookUp(readerOf(new Map(), asked), parts);
    const fallbacks = parts[0]?.fallbacks.flatMap((one) =>
      one.kind === 'entry' ? one.fingerprint : [],
    );
    assert.equal(asked.length, 1);
    assert.deepEqual(
      new Set(asked[0]),
      new Set([...parts.map(({ fingerprint }) => fingerprint), ...(fallbacks ?? [])]),
    );
    assert.equal(asked[0]?.length, new Set(asked[0]).size);
  });

  test('is every entry that there is, and whether the store is down', async () => {
    const [one, two] = [part(1), part(2)];
    const entry = makeEntry({ fingerprint: one.fingerprint });
    const held = new Map<string, Found>([[one.fingerprint, { kind: 'entry', entry }]]);
    held.set(two.fingerprint, { kind: 'unreadable', why: 'length differs' });
    const [ofOne, ofTwo] = await lookUp(readerOf(held, [], true), [one, two]);
    assert.equal(ofOne?.entry, entry);
    assert.equal(ofTwo?.entry, undefined);
    assert.deepEqual([ofOne?.storeDown, ofTwo?.storeDown], [true, true]);
    assert.deepEqual([ofOne?.isPrevious, ofTwo?.isPrevious], [false, false]);
  });
});

describe('the entry of a previous version', () => {
  const before = makeEntry({ fingerprint: newFingerprint() });
  const one = part(1);
  const previousOf = (fit: Entry | undefined, noted: Part[] = []): PreviousVersion => ({
    fingerprintFor: () => before.fingerprint,
    soughtFor: () => before.fingerprint,
    noteOwn: (of) => void noted.push(of),
    fit: async () => fit,
  });
  const held = new Map<string, Found>([[before.fingerprint, { kind: 'entry', entry: before }]]);

  test('comes in the same round trip, and stands in where it fits', async () => {
    const asked: (readonly string[])[] = [];
    const [holdings] = await lookUp(readerOf(held, asked, false, previousOf(before)), [one]);
    assert.equal(asked.length, 1);
    assert.ok(asked[0]?.includes(before.fingerprint));
    assert.deepEqual([holdings?.entry, holdings?.isPrevious], [before, true]);
    const [unfit] = await lookUp(readerOf(held, [], false, previousOf(undefined)), [one]);
    assert.deepEqual([unfit?.entry, unfit?.isPrevious], [undefined, false]);
  });

  test('does not count once there is one of this version, which is noted', async () => {
    const noted: Part[] = [];
    const entry = makeEntry({ fingerprint: one.fingerprint });
    const both = new Map<string, Found>([...held, [one.fingerprint, { kind: 'entry', entry }]]);
    const [holdings] = await lookUp(readerOf(both, [], false, previousOf(before, noted)), [one]);
    assert.deepEqual([holdings?.entry, holdings?.isPrevious], [entry, false]);
    assert.deepEqual(noted, [one]);
  });
});

/** Nothing is known of any previous version. */
const noneBefore: PreviousVersion = {
  fingerprintFor: () => undefined,
  soughtFor: () => undefined,
  noteOwn: () => assert.fail('nothing to note'),
  fit: async () => undefined,
};

function readerOf(
  held: ReadonlyMap<string, Found>,
  asked: (readonly string[])[],
  storeDown = false,
  previous = noneBefore,
) {
  return {
    previous,
    entries: {
      async read(fingerprints: readonly string[]) {
        asked.push(fingerprints);
        const found = fingerprints.map((one): Found => held.get(one) ?? { kind: 'none' });
        return { found, storeDown };
      },
    },
  };
}
