import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { type Policy, policySchema } from '../../../shared/catalog/policy.ts';
import { type Freshness, freshness, isGoodEnough } from '../../../shared/entry/entry.ts';

const policy: Policy = policySchema.parse({
  freshFor: '10s',
  revalidateFor: '5s',
  staleFor: '60s',
});
const asOf = 1_763_683_200_000;
const at = (ageMs: number) => freshness(asOf, policy, asOf + ageMs);

describe('the freshness of an entry', () => {
  test('changes exactly at its bounds', () => {
    assert.equal(at(0), 'fresh');
    assert.equal(at(9_999), 'fresh');
    assert.equal(at(10_000), 'revalidate');
    assert.equal(at(14_999), 'revalidate');
    assert.equal(at(15_000), 'stale');
    assert.equal(at(59_999), 'stale');
    assert.equal(at(60_000), 'expired');
  });

  test('is judged at age zero when another clock has stamped it in our future', () => {
    assert.equal(at(-3_600_000), 'fresh');
  });

  test('has no revalidate bound unless the policy gives one', () => {
    const without = policySchema.parse({ freshFor: '10s', staleFor: '60s' });
    assert.equal(freshness(asOf, without, asOf + 10_000), 'stale');
  });

  test('is never fresh when nothing may count as fresh', () => {
    const never = policySchema.parse({ freshFor: '0s', staleFor: '60s' });
    assert.equal(freshness(asOf, never, asOf), 'stale');
  });

  test('never gets better with age', () => {
    const order: readonly Freshness[] = ['fresh', 'revalidate', 'stale', 'expired'];
    const age = fc.integer({ min: -100_000, max: 100_000 });
    fc.assert(
      fc.property(age, age, (one, other) => {
        const [younger, older] = [Math.min(one, other), Math.max(one, other)];
        assert.ok(order.indexOf(at(younger)) <= order.indexOf(at(older)));
      }),
    );
  });
});

describe('a stale entry is good enough', () => {
  const bounded = policySchema.parse({
    freshFor: '10s',
    staleForClosed: '20s',
    staleForOpen: '40s',
    staleFor: '60s',
  });
  const upTo = { closed: 20_000, open: 40_000, cap: 60_000 } as const;
  for (const bound of ['closed', 'open', 'cap'] as const)
    test(`up to the bound in force: ${bound}`, () => {
      const now = asOf + upTo[bound];
      assert.equal(isGoodEnough(asOf, bounded, bound, now - 1), true);
      assert.equal(isGoodEnough(asOf, bounded, bound, now), false);
      assert.equal(isGoodEnough(now + 5_000, bounded, bound, now), true);
    });
});
