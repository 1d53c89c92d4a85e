import assert from 'node:assert/strict';
import { test } from 'node:test';
import { policySchema } from '../../../shared/catalog/policy.ts';
import type { Dated } from '../../../shared/entry/entry.ts';
import type { WarmRun } from '../../../shared/warm/warm-runs.ts';
import {
  isFreshEnough,
  isPutOff,
  jitterMs,
  nextRunAt,
  planRun,
} from '../../../workers/warm/warming-plan.ts';

const MINUTE = 60_000;
const policy = policySchema.parse({ freshFor: '5m' });
const lastRun: WarmRun = {
  id: '1',
  state: 'failed',
  startedAt: 0,
  tookMs: 1_000,
  nextRunAt: 0,
  mishaps: 1,
  total: 1,
  flown: 0,
  skipped: 0,
  failed: 1,
};

test('a run ends at its interval, but not before ten minutes', () => {
  assert.equal(planRun(MINUTE, 1_000).endsAt, 1_000 + 10 * MINUTE);
  assert.equal(planRun(60 * MINUTE, 1_000).endsAt, 1_000 + 60 * MINUTE);
});

test('an entry stays as it is when it is fresh until the next run has had its time', () => {
  const plan = planRun(4 * MINUTE, 0, 30_000);
  const freshUntilMs = 4 * MINUTE + 30_000;
  assert.equal(
    isFreshEnough({ asOf: freshUntilMs - policy.freshForMs + 1 }, policy, plan, 0),
    true,
  );
  assert.equal(isFreshEnough({ asOf: freshUntilMs - policy.freshForMs }, policy, plan, 0), false);
});

test('a run that took very long does not make every entry too old', () => {
  const plan = planRun(4 * MINUTE, 0, 60 * MINUTE);
  assert.equal(plan.freshUntil, 5 * MINUTE);
});

test('what the run has made itself stays as it is, also when its time is over before the next run', () => {
  const plan = planRun(60 * MINUTE, 1_000);
  assert.equal(isFreshEnough({ asOf: 1_000 }, policy, plan, 0), true);
  assert.equal(isFreshEnough({ asOf: 999 }, policy, plan, 0), false);
});

test('an entry whose tables are seen unchanged stays as it is up to its bound', () => {
  const watched = policySchema.parse({
    freshFor: '5m',
    freshWhile: 'tables-unchanged',
    freshAtMost: '30m',
  });
  const plan = planRun(4 * MINUTE, 20 * MINUTE);
  const stays = (entry: Dated, by = watched) => isFreshEnough(entry, by, plan, 20 * MINUTE);
  assert.equal(stays({ asOf: 0, unchangedAt: 19 * MINUTE }), true);
  assert.equal(stays({ asOf: 0, unchangedAt: 18 * MINUTE }), false, 'nobody watches any more');
  assert.equal(stays({ asOf: 0, unchangedAt: 19 * MINUTE, outdatedAt: 1 }), false);
  assert.equal(stays({ asOf: -7 * MINUTE, unchangedAt: 19 * MINUTE }), false, 'past its bound');
  assert.equal(stays({ asOf: 0, unchangedAt: 19 * MINUTE }, policy), false, 'by time alone');
});

test('queries with the same interval begin at different times, each always at its own', () => {
  const names = ['home-trending', 'home-popular', 'home-new-arrivals', 'price-alerts'];
  const jitters = names.map((name) => jitterMs(name, MINUTE));
  assert.equal(new Set(jitters).size, names.length);
  assert.deepEqual(
    names.map((name) => jitterMs(name, MINUTE)),
    jitters,
  );
  assert.ok(jitters.every((ms) => ms >= 0 && ms < MINUTE / 20));
  assert.ok(names.every((name) => jitterMs(name, 86_400_000) < 10_000));
});

test('after mishaps runs are left out for twice, four and eight intervals, and no more', () => {
  const until = (mishaps: number) => {
    const last = { ...lastRun, mishaps };
    return Array.from({ length: 20 }, (_, runs) => runs + 1).find(
      (runs) => !isPutOff(last, MINUTE, runs * MINUTE),
    );
  };
  assert.deepEqual([0, 1, 2, 3, 4, 9].map(until), [1, 2, 4, 8, 8, 8]);
  assert.equal(isPutOff(undefined, MINUTE, 0), false);
  assert.deepEqual(
    [0, 1, 2, 3, 4].map((mishaps) => nextRunAt(0, MINUTE, mishaps) / MINUTE),
    [1, 2, 4, 8, 8],
  );
});
