import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import {
  type Epoch,
  epochField,
  NO_EPOCH,
  parseEpochs,
  readEpochs,
  writeEpoch,
  writeEpochs,
} from '../../../shared/epochs/epoch.ts';
import { keptForMs } from '../../../shared/epochs/kept-for.ts';
import { createKnownEpochs } from '../../../shared/epochs/known-epochs.ts';
import { makeEntry } from '../entry/make-entry.ts';

const now = 1_763_683_200_000;
const clock = { now: () => now };
const softAt = (soft: number): Epoch => ({ ...NO_EPOCH, soft });
const purgeAt = (purge: number): Epoch => ({ ...NO_EPOCH, purge });
const knowing = (...fields: [string, Epoch][]) => {
  const known = createKnownEpochs({ clock });
  known.merge(new Map(fields));
  return known;
};

describe('an epoch as text', () => {
  test('is read as it was written, in whole milliseconds that outdate what was read in them', () => {
    const epoch = { soft: 1_000.25, purge: 7, unchangedAt: 3_000.75 };
    const [read] = readEpochs({ all: writeEpoch(epoch) }).values();
    assert.deepEqual(read, { soft: 1_001, purge: 7, unchangedAt: 3_000 });
  });

  test('is none where something else stands', () => {
    const fields = {
      version: crypto.randomUUID(),
      all: '1,2',
      a: '1,2,-3',
      b: '',
      c: `1,2,${10 ** 20}`,
    };
    assert.deepEqual(
      readEpochs({ ...fields, d: '1,2,3' }),
      new Map([['d', { soft: 1, purge: 2, unchangedAt: 3 }]]),
    );
    for (const text of ['', '{', 'null', '[]', '7', '"a"']) assert.equal(parseEpochs(text).size, 0);
    const epochs = new Map([['all', { soft: 1, purge: 2, unchangedAt: 3 }]]);
    assert.deepEqual(parseEpochs(writeEpochs(epochs)), epochs);
  });
});

describe('what is known of epochs', () => {
  const entry = makeEntry({ asOf: now - 1_000 });
  const { fingerprint, query } = entry;

  test('leaves an entry as it is that nobody has said anything about', () => {
    assert.equal(createKnownEpochs().judge(entry), entry);
    const other = knowing(['query:other', softAt(now)], ['entry:other', purgeAt(now)]);
    assert.equal(other.judge(entry), entry);
    assert.equal(other.invalidatedAt(query, fingerprint), 0);
  });

  for (const field of [epochField.all, epochField.query(query), epochField.entry(fingerprint)])
    test(`concerns what was read at that instant or before, and nothing later: ${field}`, () => {
      assert.equal(knowing([field, purgeAt(entry.asOf)]).judge(entry), undefined);
      assert.equal(knowing([field, purgeAt(entry.asOf - 1)]).judge(entry), entry);
      const outdated = knowing([field, softAt(entry.asOf)]).judge(entry);
      assert.equal(outdated?.outdatedAt, entry.asOf);
      assert.equal(knowing([field, softAt(entry.asOf - 1)]).judge(entry), entry);
      const unchanged = knowing([field, { ...NO_EPOCH, unchangedAt: 5 }]).judge(entry);
      assert.equal(unchanged?.unchangedAt, 5);
    });

  test('judges an entry anew that was judged by something else before', () => {
    const judged = { ...entry, outdatedAt: now, unchangedAt: now };
    const { outdatedAt, unchangedAt } =
      knowing(['query:other', softAt(now)]).judge(judged) ?? entry;
    assert.deepEqual([outdatedAt, unchangedAt], [undefined, undefined]);
  });

  test('believes no stamp from the future: such an entry was read before everything', () => {
    const ahead = makeEntry({ asOf: now + 3_600_000 });
    assert.equal(knowing(['all', purgeAt(now - 5_000)]).judge(ahead), undefined);
    assert.equal(knowing(['all', softAt(now - 5_000)]).judge(ahead)?.outdatedAt, now - 5_000);
  });

  test('is the same in whatever order it was heard, and never goes back', () => {
    const instant = fc.integer({ min: now - 10_000, max: now });
    const field = fc.constantFrom('all', epochField.query(query), epochField.entry(fingerprint));
    const epoch = fc.record({ soft: instant, purge: instant, unchangedAt: instant });
    const property = fc.property(fc.array(fc.tuple(field, epoch), { maxLength: 12 }), (said) => {
      const [one, other] = [knowing(), knowing()];
      let last = 0;
      for (const [whom, what] of said) {
        one.merge(new Map([[whom, what]]));
        assert.ok(one.invalidatedAt(query, fingerprint) >= last);
        last = one.invalidatedAt(query, fingerprint);
      }
      for (const [whom, what] of said.toReversed()) other.merge(new Map([[whom, what]]));
      assert.deepEqual(one.all, other.all);
      const latest = Math.max(0, ...said.map(([, { soft, purge }]) => Math.max(soft, purge)));
      assert.equal(last, latest);
    });
    fc.assert(property);
  });

  test('is of another generation after an invalidation that is news, and after nothing else', () => {
    const known = knowing(['all', softAt(now)]);
    const { generation } = known;
    known.merge(new Map([['all', softAt(now)]]));
    known.merge(new Map([['all', softAt(now - 1)]]));
    known.merge(new Map([['all', { ...NO_EPOCH, unchangedAt: now }]]));
    assert.equal(known.generation, generation);
    known.merge(new Map([['query:q', softAt(now)]]));
    assert.notEqual(known.generation, generation);
  });

  test('is forgotten once it concerns nothing that may still be served', () => {
    let at = now;
    const known = createKnownEpochs({ clock: { now: () => at }, keepMs: 10_000 });
    known.merge(new Map([['query:q', softAt(now)]]));
    at += 10_000;
    known.merge(new Map([['query:q', softAt(now)]]));
    assert.equal(known.all.size, 1);
    at += 1;
    known.merge(new Map([['query:q', softAt(now)]]));
    assert.equal(known.all.size, 0);
  });

  test('has a bound, beyond which the oldest outdate everything and confirm nothing', () => {
    const many = Array.from({ length: 5_003 }, (_, index): [string, Epoch] => [
      epochField.entry(String(index)),
      { ...purgeAt(now - 10_000 + index), unchangedAt: now - 20_000 },
    ]);
    const known = knowing(...many);
    assert.equal(known.all.size, 5_000);
    assert.deepEqual(known.all.get('all'), purgeAt(now - 10_000 + 3));
    assert.equal(known.invalidatedAt('any', '5002'), now - 10_000 + 5_002);
  });
});

test('epochs are kept for as long as anything may be served that was read before, and for ever where that is not known', () => {
  assert.equal(keptForMs([{ staleForMs: 7_200_000 }, { staleForMs: 60_000 }]), 7_200_000);
  assert.equal(keptForMs([{ staleForMs: 60_000 }]), 3_600_000);
  assert.equal(keptForMs([]), Number.POSITIVE_INFINITY);
});
