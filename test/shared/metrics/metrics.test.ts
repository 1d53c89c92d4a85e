import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { AggregatorRegistry, Histogram, Registry } from 'prom-client';
import fc from 'fast-check';
import { createDurations } from '../../../shared/metrics/durations.ts';
import { createTally } from '../../../shared/metrics/tally.ts';

const bucketsSeconds = [0.001, 0.01, 0.1, 1];
const help = 'help';

describe('durations', () => {
  test('are shown as prom-client shows them', async () => {
    const observed = fc.record({
      route: fc.constantFrom('/a', '/b "quoted"'),
      ms: fc.oneof(fc.constantFrom(0, 1, 10, 100, 1_000), fc.nat(5_000)),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(observed), async (all) => {
        const [ours, theirs] = [new Registry(), new Registry()];
        const name = 'seconds';
        const durations = createDurations(ours, { name, help, label: 'route', bucketsSeconds });
        const options = { name, help, labelNames: ['route'], buckets: bucketsSeconds };
        const histogram = new Histogram({ ...options, registers: [theirs] });
        for (const { route, ms } of all) {
          durations.of(route).observe(ms);
          histogram.observe({ route }, ms / 1_000);
        }
        assert.equal(await ours.metrics(), await theirs.metrics());
      }),
    );
  });

  test('of several processes are added up', async () => {
    const shown = await Promise.all(
      [5, 50].map(async (ms) => {
        const register = new Registry();
        const options = { name: 'seconds', help, label: 'route', bucketsSeconds };
        createDurations(register, options).of('/a').observe(ms);
        return register.getMetricsAsJSON();
      }),
    );
    const all = await AggregatorRegistry.aggregate(shown).metrics();
    assert.match(all, /seconds_bucket\{le="0.01",route="\/a"\} 1\n/);
    assert.match(all, /seconds_bucket\{le="\+Inf",route="\/a"\} 2\n/);
    assert.match(all, /seconds_count\{route="\/a"\} 2\n/);
  });
});

describe('a tally', () => {
  test('is a counter that is brought up to date when it is looked at', async () => {
    const register = new Registry();
    const tally = createTally(register, { name: 'total', help, labelNames: ['a', 'b'] });
    const held = tally.of({ a: '1', b: '2' });
    for (let times = 0; times < 3; times++) held.add();
    tally.of({ a: '1', b: '2' }).add();
    tally.of({ a: '12', b: '' }).add();
    assert.match(await register.metrics(), /total\{a="1",b="2"\} 4\ntotal\{a="12",b=""\} 1\n/);
    held.add();
    assert.match(await register.metrics(), /total\{a="1",b="2"\} 5\n/);
  });
});
