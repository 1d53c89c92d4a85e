import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { createUsualTimes } from '../../../shared/load/usual-times.ts';

describe('the usual time of a query', () => {
  test('is unknown before the first few flights, and another query’s says nothing of it', () => {
    const times = createUsualTimes();
    for (const tookMs of [100, 200]) times.note('a', tookMs);
    assert.equal(times.usualMs('a'), undefined);
    assert.equal(times.meanMs('a'), undefined);
    times.note('a', 300);
    assert.equal(times.usualMs('a'), 300);
    assert.equal(times.meanMs('a'), 200);
    assert.equal(times.usualMs('b'), undefined);
  });

  test('is what nine in ten flights keep, so that one outlier does not move it', () => {
    const times = createUsualTimes();
    for (let flight = 1; flight <= 19; flight++) times.note('a', 100 + flight);
    times.note('a', 60_000);
    assert.equal(times.usualMs('a'), 118);
  });

  test('follows a warehouse that has become slower within ten flights', () => {
    const times = createUsualTimes();
    for (let flight = 0; flight < 1_000; flight++) times.note('a', 200);
    for (let flight = 0; flight < 10; flight++) times.note('a', 6_000);
    assert.equal(times.usualMs('a'), 6_000);
    assert.equal(times.meanMs('a'), 3_100);
  });

  test('follows a warehouse that has recovered within twenty', () => {
    const times = createUsualTimes();
    for (let flight = 0; flight < 1_000; flight++) times.note('a', 15_000);
    for (let flight = 0; flight < 20; flight++) times.note('a', 200);
    assert.equal(times.usualMs('a'), 200);
    assert.equal(times.meanMs('a'), 200);
  });

  test('is one of the last twenty, and the mean lies among them, whatever they were', () => {
    const took = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 3 });
    fc.assert(
      fc.property(took, (all) => {
        const times = createUsualTimes();
        for (const tookMs of all) times.note('a', tookMs);
        const last = all.slice(-20);
        const [usualMs, meanMs] = [times.usualMs('a') ?? -1, times.meanMs('a') ?? -1];
        const kept = last.filter((tookMs) => tookMs <= usualMs).length;
        assert.ok(last.includes(usualMs) && kept >= last.length * 0.9);
        assert.ok(meanMs >= Math.min(...last) - 1e-6 && meanMs <= Math.max(...last) + 1e-6);
      }),
    );
  });

  test('is not disturbed by what is no time', () => {
    const times = createUsualTimes();
    for (const tookMs of [100, Number.NaN, -1, Number.POSITIVE_INFINITY, 100, 100])
      times.note('a', tookMs);
    assert.equal(times.usualMs('a'), 100);
  });

  test('is forgotten of the query that has not flown for longest once there are too many', () => {
    const times = createUsualTimes();
    const fly = (query: string) => [1, 2, 3].forEach(() => times.note(query, 100));
    for (let query = 0; query < 1_000; query++) fly(`q${query}`);
    fly('q0');
    fly('one-more');
    assert.equal(times.usualMs('q0'), 100);
    assert.equal(times.usualMs('q1'), undefined);
    assert.equal(times.usualMs('q2'), 100);
  });
});
