import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { type Key, splitByKey } from '../../workers/thread/split-by-key.ts';

interface Marked {
  readonly key: unknown;
  readonly place: number;
}
const keyOf = (row: Marked) => row.key;
const split = (keys: readonly Key[], rows: readonly Marked[]) => splitByKey(keys, rows, keyOf);

// Few of each, numbers as text among them, so that keys meet.
const key: fc.Arbitrary<Key> = fc.oneof(
  fc.integer({ min: 0, max: 5 }),
  fc.integer({ min: 0, max: 5 }).map(String),
  fc.constantFrom('', '__proto__', 'constructor', 'é', 'e\u0301', 'A', 'a', ' a', '01', '1.0'),
);
const asked = fc
  .uniqueArray(key, { minLength: 1, maxLength: 12 })
  .chain((keys) =>
    fc.tuple(fc.constant(keys), fc.array(fc.constantFrom(...keys), { maxLength: 40 })),
  );
const marked = (keys: readonly unknown[]) => keys.map((one, place) => ({ key: one, place }));

describe('rows split by their keys', () => {
  test('are all there, each under its own key and in its order, and every key has a list', () => {
    fc.assert(
      fc.property(asked, ([keys, carried]) => {
        const rows = marked(carried);
        const result = split(keys, rows);
        assert.deepEqual(result.strays, []);
        assert.deepEqual([...result.byKey.keys()], keys);
        for (const one of keys)
          assert.deepEqual(
            result.byKey.get(one),
            rows.filter((row) => Object.is(row.key, one)),
          );
        assert.equal([...result.byKey.values()].flat().length, rows.length);
      }),
    );
  });

  test('are left out when nobody asked for them, and their keys are told', () => {
    fc.assert(
      fc.property(asked, key, fc.nat(), ([keys, carried], stray, at) => {
        fc.pre(!keys.includes(stray));
        const rows = marked(carried.toSpliced(at % (carried.length + 1), 0, stray));
        const { byKey, strays } = split(keys, rows);
        assert.deepEqual(strays, [stray]);
        assert.equal([...byKey.values()].flat().length, carried.length);
      }),
    );
  });

  test('have keys only: nothing, a number as text and text as a number are other keys', () => {
    for (const stray of [null, undefined, '1', Number.NaN, [1]])
      assert.deepEqual(split([1], marked([1, stray])).strays, [stray]);
    assert.deepEqual(split(['1'], marked([1])).strays, [1]);
  });
});
