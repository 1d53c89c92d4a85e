import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  createAdaptiveLimit,
  type FlightResult,
  type LimitBounds,
} from '../../../workers/limit/adaptive-limit.ts';

const BOUNDS = { least: 4, most: 40 };
const QUERIES = ['a', 'b', 'c', 'd'];
const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;

describe('the adaptive limit', () => {
  test('begins at its most', () => {
    assert.equal(create().places(), 40);
  });

  test('is halved by a quota error, down to its least', () => {
    const limit = create();
    const after = [20, 10, 5, 4, 4].map(() => {
      limit.pass(SECOND_MS);
      limit.fly('quota');
      return limit.places();
    });
    assert.deepEqual(after, [20, 10, 5, 4, 4]);
  });

  test('is halved once by the errors of one burst, however late they come', () => {
    const limit = create();
    const burst = Array.from({ length: 40 }, () => limit.enter('a'));
    for (const fly of burst) {
      fly('quota');
      limit.pass(100);
    }
    assert.equal(limit.places(), 20);
  });

  test('is not halved again within the same second by those that were refused at once', () => {
    const limit = create();
    for (let flight = 0; flight < 9; flight++) {
      limit.fly('quota');
      limit.pass(100);
    }
    assert.equal(limit.places(), 20);
  });

  test('grows by about one for each limit’s worth of flights while it is used', () => {
    const limit = lowered();
    assert.equal(limit.places(), 4);
    for (let flight = 0; flight < 4 + 5 + 6; flight++) limit.fly('ok');
    assert.ok(limit.places() >= 6 && limit.places() <= 7, `${limit.places()}`);
    for (let flight = 0; flight < 2_000; flight++) limit.fly('ok');
    assert.equal(limit.places(), 40);
  });

  test('does not grow by flights that it did not hold back', () => {
    const limit = lowered();
    for (let flight = 0; flight < 100; flight++) limit.fly('ok', { inFlight: 1 });
    assert.equal(limit.places(), 4);
  });

  test('does not grow by flights that entered before it was lowered', () => {
    const limit = create();
    const before = Array.from({ length: 40 }, () => limit.enter('a'));
    before.pop()?.('quota');
    for (const fly of before) fly('ok');
    assert.equal(limit.places(), 20);
  });

  test('is not moved by flights that say nothing of the warehouse', () => {
    const limit = lowered();
    for (let flight = 0; flight < 100; flight++) limit.fly('ignored', { tookMs: 99_000 });
    assert.equal(limit.places(), 4);
  });

  test('is its most again after a quiet time, but not while it is used', () => {
    const limit = lowered();
    for (let second = 0; second < 60; second++) {
      limit.pass(SECOND_MS);
      assert.equal(limit.places(4), 4);
    }
    limit.pass(29 * SECOND_MS);
    assert.equal(limit.places(1), 4);
    limit.pass(SECOND_MS);
    assert.equal(limit.places(1), 40);
  });

  test('stays within its bounds when its most is below its least', () => {
    const limit = create({ least: 4, most: 3 });
    limit.fly('quota');
    assert.equal(limit.places(), 3);
  });
});

describe('the slowness of flights', () => {
  test('lowers the limit gently when most queries take much longer than is usual for them', () => {
    const limit = learned();
    const before = limit.places();
    flyAll(limit, 1, (usualMs) => usualMs * 5);
    assert.equal(limit.places(), before);
    flyAll(limit, 2, (usualMs) => usualMs * 5);
    assert.ok(limit.places() < before && limit.places() > before / 2, `${limit.places()}`);
    flyAll(limit, 100, (usualMs) => usualMs * 5);
    assert.equal(limit.places(), 4);
  });

  test('does so as well when it comes slowly, from 1 to 20 seconds within ten minutes', () => {
    const limit = create();
    const lowestAt = Array.from({ length: 600 }, (_, second) => {
      const tookMs = 1_000 + second * 32;
      for (const query of QUERIES) limit.fly('ok', { query, tookMs });
      limit.pass(SECOND_MS);
      return limit.places();
    });
    assert.ok(Math.min(...lowestAt) <= 10, `${Math.min(...lowestAt)}`);
  });

  test('is forgiven within minutes when it lasts', () => {
    const limit = learned();
    for (let second = 0; second < 15 * 60; second++) {
      flyAll(limit, 1, (usualMs) => usualMs * 3);
      limit.pass(SECOND_MS);
    }
    assert.equal(limit.places(), 40);
  });

  test('of one query alone does not lower it', () => {
    const limit = learned();
    for (let round = 0; round < 100; round++)
      flyAll(limit, 1, (usualMs, query) => (query === 'a' ? usualMs * 20 : usualMs));
    assert.equal(limit.places(), 40);
  });

  test('of a few queries among many does not lower it', () => {
    const limit = learned();
    for (let round = 0; round < 20; round++) limit.fly('ok', { query: 'e', tookMs: SECOND_MS });
    for (let round = 0; round < 50; round++) {
      flyAll(limit, 1, (usualMs, query) => (query < 'c' ? usualMs * 20 : usualMs));
      limit.fly('ok', { query: 'e', tookMs: SECOND_MS });
    }
    assert.equal(limit.places(), 40);
  });

  test('of queries that nobody has asked for half a minute does not lower it', () => {
    const limit = learned();
    for (const query of ['a', 'b'])
      for (let flight = 0; flight < 9; flight++)
        limit.fly('ok', { query, tookMs: 90_000, inFlight: 3 });
    limit.pass(31 * SECOND_MS);
    limit.fly('ok', { query: 'c', tookMs: 3 * SECOND_MS });
    assert.equal(limit.places(), 40);
    limit.fly('ok', { query: 'a', tookMs: 90_000 });
    limit.fly('ok', { query: 'b', tookMs: 90_000 });
    assert.equal(limit.places(), 36);
  });

  test('that was always there does not lower it', () => {
    const limit = create();
    for (let round = 0; round < 200; round++) {
      limit.fly('ok', { query: 'fast', tookMs: 100 });
      limit.fly('ok', { query: 'slow', tookMs: 14_000 });
      limit.fly('ok', { query: 'slower', tookMs: round % 2 ? 10_000 : 30_000 });
      limit.pass(SECOND_MS);
    }
    assert.equal(limit.places(), 40);
  });

  test('in the blink of an eye is none', () => {
    const limit = create();
    for (let round = 0; round < 50; round++)
      for (const query of QUERIES) limit.fly('ok', { query, tookMs: round < 20 ? 5 : 150 });
    assert.equal(limit.places(), 40);
  });

  test('does not lower a limit that nobody uses', () => {
    const limit = learned();
    for (let round = 0; round < 100; round++)
      for (const query of QUERIES) limit.fly('ok', { query, tookMs: 20_000, inFlight: 3 });
    assert.equal(limit.places(), 40);
  });
});

describe('failures of the warehouse', () => {
  test('of one query alone do not lower the limit', () => {
    const limit = learned();
    for (let round = 0; round < 100; round++) {
      limit.fly('slow-or-failed', { query: 'a', tookMs: 15_000 });
      for (const query of ['b', 'c', 'd']) limit.fly('ok', { query, tookMs: 1_000 });
    }
    assert.equal(limit.places(), 40);
  });

  test('of the only query there is do not either, nor of one that nobody knows', () => {
    const limit = create();
    for (let flight = 0; flight < 20; flight++) limit.fly('ok');
    for (let flight = 0; flight < 100; flight++) limit.fly('slow-or-failed', { tookMs: 15_000 });
    for (let flight = 0; flight < 100; flight++)
      limit.fly('slow-or-failed', { query: 'new', tookMs: 15_000 });
    assert.equal(limit.places(), 40);
  });

  test('of most queries lower it, two in a row each', () => {
    const limit = learned();
    for (const query of QUERIES) limit.fly('slow-or-failed', { query, tookMs: 15_000 });
    assert.equal(limit.places(), 40);
    for (let round = 0; round < 3; round++)
      for (const query of QUERIES) {
        limit.fly('slow-or-failed', { query, tookMs: 15_000 });
        limit.pass(SECOND_MS);
      }
    assert.ok(limit.places() < 40, `${limit.places()}`);
  });

  test('are not learned as the usual time', () => {
    const limit = learned();
    for (let round = 0; round < 300; round++) {
      for (const query of QUERIES) limit.fly('slow-or-failed', { query, tookMs: 15_000 });
      limit.pass(SECOND_MS);
    }
    assert.equal(limit.places(), 4);
    flyAll(limit, 10, (usualMs) => usualMs);
    limit.pass(MINUTE_MS);
    assert.equal(limit.places(1), 40);
    flyAll(limit, 5, (usualMs) => usualMs * 4);
    assert.ok(limit.places() < 40, `${limit.places()}`);
  });
});

type Limit = ReturnType<typeof create>;

/** A limit on a clock that only `pass` moves, fully used unless it is said how many are in flight. */
function create(bounds: LimitBounds = BOUNDS) {
  let nowMs = 5_000;
  const limit = createAdaptiveLimit(bounds, () => nowMs);
  const enter = (query: string) => {
    const { era } = limit;
    return (outcome: FlightResult['outcome'], tookMs = SECOND_MS, inFlight = bounds.most) =>
      limit.note({ query, tookMs, outcome }, era, inFlight);
  };
  return {
    places: (inFlight = bounds.most) => limit.places(inFlight),
    pass: (ms: number) => {
      nowMs += ms;
    },
    enter,
    fly(
      outcome: FlightResult['outcome'],
      { query = 'a', tookMs = SECOND_MS, inFlight = bounds.most } = {},
    ) {
      enter(query)(outcome, tookMs, inFlight);
    },
  };
}

function lowered(): Limit {
  const limit = create();
  for (let second = 0; second < 5; second++) {
    limit.pass(SECOND_MS);
    limit.fly('quota');
  }
  return limit;
}

/** A limit that knows each query's pace: a second for the first, two for the next, and so on. */
function learned(): Limit {
  const limit = create();
  flyAll(limit, 20, (usualMs) => usualMs);
  return limit;
}

function flyAll(limit: Limit, rounds: number, tookMs: (usualMs: number, query: string) => number) {
  for (let round = 0; round < rounds; round++)
    for (const [index, query] of QUERIES.entries()) {
      limit.fly('ok', { query, tookMs: tookMs((index + 1) * SECOND_MS, query) });
      limit.pass(SECOND_MS / 2);
    }
}
