import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Registry } from 'prom-client';
import { createRunway, type Runway } from '../../../gateway/entries/runway.ts';
import { policySchema } from '../../../shared/catalog/policy.ts';

const policy = policySchema.parse({ freshFor: '1m', staleFor: '1h' });

describe('the runway', () => {
  test('is the time until the first of the entries served reaches its hard cap', async () => {
    const sky = runwayAt(10_000_000);
    sky.runway.note('a', 10_000_000 - 600_000, policy);
    sky.runway.note('a', 10_000_000 - 60_000, policy);
    sky.runway.note('b', 10_000_000, policy);
    assert.deepEqual(await sky.shown(), { a: 3_000, b: 3_600 });
    sky.now += 20_000;
    assert.deepEqual(await sky.shown(), { a: 2_980, b: 3_580 });
  });

  test('forgets what was served longer ago than a minute, and says nothing of what is not served', async () => {
    const sky = runwayAt(9_000_000);
    assert.deepEqual(await sky.shown(), {});
    sky.runway.note('a', 9_000_000 - 600_000, policy);
    sky.now += 30_000;
    sky.runway.note('a', sky.now, policy);
    assert.deepEqual(await sky.shown(), { a: 2_970 });
    sky.now += 30_000;
    assert.deepEqual(await sky.shown(), { a: 3_570 });
    sky.now += 30_000;
    assert.deepEqual(await sky.shown(), {});
  });

  test('forgets all at once when nobody has looked for long', async () => {
    const sky = runwayAt(9_000_000);
    sky.runway.note('a', 9_000_000, policy);
    sky.now += 600_000;
    assert.deepEqual(await sky.shown(), {});
  });

  test('is never below zero, nor longer than the cap', async () => {
    const sky = runwayAt(90_000_000);
    sky.runway.note('old', 0, policy);
    sky.runway.note('ahead', sky.now + 3_600_000, policy);
    assert.deepEqual(await sky.shown(), { old: 0, ahead: 3_600 });
  });
});

interface Sky {
  now: number;
  readonly runway: Runway;
  /** The gauge's values by query. */
  readonly shown: () => Promise<Record<string, number>>;
}

function runwayAt(start: number): Sky {
  const register = new Registry();
  const time = { now: start };
  return {
    get now() {
      return time.now;
    },
    set now(now) {
      time.now = now;
    },
    runway: createRunway(register, { now: () => time.now }),
    async shown() {
      const [metric] = await register.getMetricsAsJSON();
      return Object.fromEntries(
        (metric?.values ?? []).map(({ labels, value }) => [String(labels['query']), value]),
      );
    },
  };
}
