import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import {
  canonical,
  fingerprint,
  type Identity,
  type Parameters,
  type ParameterValue,
} from '../../shared/fingerprint.ts';

const scalar: fc.Arbitrary<ParameterValue> = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.boolean(),
  fc.constantFrom('1', 'true', 'null', '', '[]', '","', ':', '0'),
);
const parameters: fc.Arbitrary<Parameters> = fc.dictionary(
  fc.oneof(fc.string(), fc.constantFrom('a', 'b', '__proto__', 'a:b', '"')),
  fc.oneof(scalar, fc.constant(null), fc.array(scalar)),
  { noNullPrototype: true },
);
const word = fc.oneof(fc.string(), fc.constantFrom('', 'a', 'ab', 'b', '","'));
const identity: fc.Arbitrary<Identity> = fc.record({
  query: word,
  version: word,
  scope: word,
  parameters,
});

const home: Identity = { query: 'home', version: '1', scope: 'public', parameters: { limit: 4 } };
const withParameters = (value: Parameters) => fingerprint({ ...home, parameters: value });

describe('a fingerprint', () => {
  test('is 64 hex digits', () => {
    fc.assert(fc.property(identity, (one) => assert.match(fingerprint(one), /^[0-9a-f]{64}$/)));
  });

  test('does not depend on the order of the parameters', () => {
    fc.assert(
      fc.property(parameters, fc.infiniteStream(fc.nat()), (given, dice) => {
        const shuffled = Object.entries(given)
          .map((entry) => ({ entry, at: dice.next().value }))
          .sort((a, b) => a.at - b.at)
          .map(({ entry }) => entry);
        assert.equal(withParameters(Object.fromEntries(shuffled)), withParameters(given));
      }),
    );
  });

  test('is never shared by two identities that differ in anything that counts', () => {
    fc.assert(
      fc.property(identity, identity, (one, other) => {
        const alike = fingerprint(one) === fingerprint(other);
        assert.equal(alike, sameByHand(one, other));
      }),
      { numRuns: 2_000 },
    );
  });

  test('changes with every part of the identity alone', () => {
    const all = [
      home,
      { ...home, query: 'home2' },
      { ...home, version: '2' },
      { ...home, scope: 'tenant-7' },
      { ...home, parameters: { limit: 5 } },
      { ...home, parameters: { limits: 4 } },
      { ...home, parameters: {} },
    ];
    assert.equal(new Set(all.map(fingerprint)).size, all.length);
  });

  test('cannot be reached by moving text from one part of the identity to the next', () => {
    const one = { ...home, query: 'a","b', version: 'c' };
    const other = { ...home, query: 'a', version: 'b","c' };
    assert.notEqual(fingerprint(one), fingerprint(other));
    assert.notEqual(withParameters({ a: 'b:c' }), withParameters({ 'a:b': 'c' }));
  });

  test('keeps types apart', () => {
    const values: ParameterValue[] = [1, '1', true, 'true', [1], ['1'], [], '', '[]', 'null', 0];
    const prints = values.map((value) => withParameters({ value }));
    assert.equal(new Set(prints).size, values.length);
  });

  test('takes absent for null and minus zero for zero, as a warehouse does', () => {
    assert.equal(withParameters({ limit: 4, userId: null }), withParameters({ limit: 4 }));
    assert.equal(withParameters({ value: -0 }), withParameters({ value: 0 }));
    assert.equal(withParameters({ value: [-0] }), withParameters({ value: [0] }));
  });

  test('is refused to numbers that are none', () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY, [Number.NaN]])
      assert.throws(() => canonical({ value }), RangeError);
  });
});

/** Whether two identities ask the same, told without the code under test. */
function sameByHand(one: Identity, other: Identity): boolean {
  if (one.query !== other.query || one.version !== other.version || one.scope !== other.scope)
    return false;
  const names = new Set([...Object.keys(one.parameters), ...Object.keys(other.parameters)]);
  return [...names].every((name) => same(own(one.parameters, name), own(other.parameters, name)));
}

function own(given: Parameters, name: string): ParameterValue {
  return Object.hasOwn(given, name) ? (given[name] ?? null) : null;
}

function same(one: ParameterValue, other: ParameterValue): boolean {
  if (!Array.isArray(one) || !Array.isArray(other)) return one === other;
  return one.length === other.length && one.every((item, index) => same(item, other[index]));
}
