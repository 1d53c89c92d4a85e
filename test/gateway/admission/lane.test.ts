import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { createLane } from '../../../gateway/admission/lane.ts';

describe('the wait in a lane', () => {
  test('is none while a place is free, and begins with the first that finds none', () => {
    const lane = createLane();
    lane.see({ depth: 0, taken: 3, places: 4 }, 0);
    assert.equal(lane.waitMs(0, 1_000), 0);
    lane.see({ depth: 0, taken: 4, places: 4 }, 0);
    assert.equal(lane.waitMs(0, 1_000), 250);
  });

  test('is that of all who stand before it, shared by the places', () => {
    const lane = createLane();
    lane.see({ depth: 90, taken: 10, places: 10 }, 0);
    assert.equal(lane.waitMs(0, 2_000), (91 * 2_000) / 10);
  });

  test('counts what this process has added since', () => {
    const lane = createLane();
    lane.see({ depth: 0, taken: 4, places: 4 }, 0);
    for (let one = 0; one < 8; one++) lane.add(0, 1_000);
    assert.equal(lane.waitMs(0, undefined), (9 * 1_000) / 4);
    assert.equal(lane.queued(0), 8);
  });

  test('runs off while time passes, as fast as the places work', () => {
    const lane = createLane();
    lane.see({ depth: 0, taken: 4, places: 4 }, 0);
    for (let one = 0; one < 8; one++) lane.add(0, 1_000);
    assert.equal(lane.waitMs(1_000, undefined), (5 * 1_000) / 4);
    assert.equal(lane.waitMs(10_000, undefined), 0);
    assert.equal(lane.queued(10_000), 0);
  });

  test('goes by what flights of its class take, which is learned from those that are added', () => {
    const lane = createLane();
    lane.see({ depth: 0, taken: 1, places: 1 }, 0);
    assert.equal(lane.waitMs(0, undefined), undefined);
    assert.equal(lane.waitMs(0, 700), 700);
    lane.add(0, undefined);
    assert.equal(lane.waitMs(0, 700), 1_400);
    lane.add(0, 100);
    assert.equal(lane.waitMs(0, 700), 300);
    for (let one = 0; one < 200; one++) {
      lane.look();
      lane.add(0, 500);
    }
    lane.see({ depth: 0, taken: 1, places: 1 }, 0);
    assert.ok(Math.abs((lane.waitMs(0, 700) ?? 0) - 1_000) < 1);
  });

  test('cannot be said where no place is known', () => {
    const lane = createLane();
    assert.equal(lane.waitMs(0, 1_000), undefined);
    lane.add(0, 1_000);
    assert.equal(lane.waitMs(0, 1_000), undefined);
    assert.equal(lane.queued(0), 1);
  });

  test('forgets what a look must have seen, and not what was added during the look', () => {
    const lane = createLane();
    for (let one = 0; one < 5; one++) lane.add(0, undefined);
    lane.look();
    lane.add(10, undefined);
    lane.see({ depth: 3, taken: 0, places: 4 }, 10);
    assert.equal(lane.queued(10), 4);
    lane.look();
    lane.see({ depth: 3, taken: 0, places: 4 }, 20);
    assert.equal(lane.queued(20), 3);
  });

  test('is never below nothing nor endless, whatever is seen and added', () => {
    const count = fc.nat(5_000);
    const seen = fc.record({ depth: count, taken: count, places: count });
    const step = fc.record({
      passMs: fc.nat(10_000),
      seen: fc.option(seen),
      meanMs: fc.option(fc.double({ min: 0, max: 1e5, noNaN: true }), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const lane = createLane();
        let atMs = 0;
        for (const { passMs, seen, meanMs } of steps) {
          atMs += passMs;
          if (seen) lane.see(seen, atMs);
          else lane.add(atMs, meanMs);
          const waitMs = lane.waitMs(atMs, meanMs);
          assert.ok(waitMs === undefined || (waitMs >= 0 && Number.isFinite(waitMs)));
          assert.ok(lane.queued(atMs) >= 0);
        }
      }),
    );
  });
});
