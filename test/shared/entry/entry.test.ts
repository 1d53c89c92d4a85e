import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { type Policy, policySchema } from '../../../shared/catalog/policy.ts';
import {
  type Dated,
  type Freshness,
  freshness,
  freshUntil,
  isGoodEnough,
  staleFor,
  UNCHANGED_FOR_MS,
} from '../../../shared/entry/entry.ts';

const policy: Policy = policySchema.parse({
  freshFor: '10s',
  revalidateFor: '5s',
  staleFor: '60s',
});
const asOf = 1_763_683_200_000;
const at = (ageMs: number) => freshness({ asOf }, policy, asOf + ageMs);

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
    assert.equal(freshness({ asOf }, without, asOf + 10_000), 'stale');
  });

  test('is never fresh when nothing may count as fresh', () => {
    const never = policySchema.parse({ freshFor: '0s', staleFor: '60s' });
    assert.equal(freshness({ asOf }, never, asOf), 'stale');
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

describe('an entry that was outdated', () => {
  const outdatedAt = asOf + 2_000;
  const outdated: Dated = { asOf, outdatedAt };
  const outdatedFor = (ageMs: number) => freshness(outdated, policy, asOf + ageMs);

  test('is never fresh: for as long as it would be it is given at once and refreshed behind', () => {
    assert.equal(outdatedFor(0), 'revalidate');
    assert.equal(outdatedFor(9_999), 'revalidate');
    assert.equal(outdatedFor(14_999), 'revalidate');
    assert.equal(outdatedFor(15_000), 'stale');
    assert.equal(outdatedFor(60_000), 'expired');
  });

  test('has been stale since then, and not for no time at all, whatever the clocks say', () => {
    assert.equal(freshUntil(outdated, policy), outdatedAt);
    assert.equal(staleFor(outdated, policy, outdatedAt + 500), 500);
    assert.equal(staleFor(outdated, policy, outdatedAt), 1);
    assert.equal(staleFor(outdated, policy, outdatedAt - 5), 1);
    assert.equal(staleFor({ asOf }, policy, asOf + 9_000), 0);
    assert.equal(staleFor({ asOf }, policy, asOf + 12_000), 2_000);
  });
});

describe('an entry whose tables were seen unchanged', () => {
  const hourMs = 3_600_000;
  const watched = policySchema.parse({
    freshFor: '10s',
    freshWhile: 'tables-unchanged',
    freshAtMost: '1h',
    staleFor: '2h',
  });
  const seenAt = (ageMs: number) => ({ asOf, unchangedAt: asOf + ageMs });

  test('is fresh for some looks longer, and then as old as it is', () => {
    const unchangedAt = 10 * 60_000;
    const endsAt = asOf + unchangedAt + UNCHANGED_FOR_MS;
    assert.equal(freshUntil(seenAt(unchangedAt), watched), endsAt);
    assert.equal(freshness(seenAt(unchangedAt), watched, endsAt - 1), 'fresh');
    assert.equal(freshness(seenAt(unchangedAt), watched, endsAt), 'stale');
  });

  test('is fresh for its time even if nobody has looked for long', () => {
    assert.equal(freshUntil(seenAt(-hourMs), watched), asOf + 10_000);
  });

  test('is fresh up to its bound and no longer', () => {
    assert.equal(freshness(seenAt(hourMs), watched, asOf + hourMs - 1), 'fresh');
    assert.equal(freshness(seenAt(hourMs), watched, asOf + hourMs), 'stale');
  });

  test('is as old as it is where its query does not say that its tables are all', () => {
    assert.equal(freshUntil(seenAt(20_000), policy), asOf + 10_000);
  });

  test('is not made fresh by what was seen after it was outdated', () => {
    const outdatedAt = asOf + 60_000;
    const outdated = { asOf, outdatedAt, unchangedAt: asOf + 30 * 60_000 };
    assert.equal(freshness(outdated, watched, outdatedAt), 'revalidate');
    assert.equal(freshness(outdated, watched, outdatedAt + UNCHANGED_FOR_MS), 'stale');
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
