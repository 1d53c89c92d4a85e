import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { evenArrivals, poissonArrivals } from '../../bench/open-loop/arrivals.ts';
import { turnsOf } from '../../bench/open-loop/crowd.ts';
import { createHistogram } from '../../bench/open-loop/histogram.ts';
import { randomFrom } from '../../bench/open-loop/random.ts';
import { createTally } from '../../bench/open-loop/tally.ts';
import { pickHabit, sentimentHabits } from '../../bench/scenarios/replays/mix.ts';

const rate = { perSecond: 200, forMs: 50_000 };

function isAscending(numbers: readonly number[]): boolean {
  return numbers.every((one, index) => index === 0 || one >= (numbers[index - 1] ?? 0));
}

describe('arrivals', () => {
  test('even ones are all as far apart', () => {
    assert.deepEqual(evenArrivals({ perSecond: 4, forMs: 1_000 }), [0, 250, 500, 750]);
  });

  test('those of a Poisson process keep the rate, and their gaps vary as much as they are long', () => {
    const arrivals = poissonArrivals(rate, randomFrom(7));
    assert.ok(isAscending(arrivals));
    assert.ok(Math.abs(arrivals.length - 10_000) < 400, `${arrivals.length}`);
    const gaps = arrivals.slice(1).map((dueMs, index) => dueMs - (arrivals[index] ?? 0));
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length;
    assert.ok(Math.abs(Math.sqrt(variance) / mean - 1) < 0.1);
  });

  test('the same seed gives the same ones, another seed others', () => {
    const from = (seed: number) => poissonArrivals(rate, randomFrom(seed)).slice(0, 20);
    assert.deepEqual(from(1), from(1));
    assert.notDeepEqual(from(1), from(2));
  });
});

describe('a crowd', () => {
  const crowd = { users: 20, joinPerSecond: 10, thinkMs: [100, 300], forMs: 5_000 } as const;
  const turns = turnsOf(crowd, randomFrom(3));

  test('its users join one after another, and everybody’s turns are a think time apart', () => {
    assert.ok(isAscending(turns.map(({ dueMs }) => dueMs)));
    for (let user = 0; user < crowd.users; user++) {
      const due = turns.filter((turn) => turn.user === user).map(({ dueMs }) => dueMs);
      assert.equal(due[0], user * 100);
      const gaps = due.slice(1).map((dueMs, index) => dueMs - (due[index] ?? 0));
      assert.ok(gaps.every((gap) => gap >= 99.9 && gap <= 300.1));
      assert.ok((due.at(-1) ?? 0) >= crowd.forMs - 300.1);
    }
  });

  test('its habits are picked by their weights', () => {
    const random = randomFrom(5);
    const picked = Array.from({ length: 11_000 }, () => pickHabit(sentimentHabits, random).kind);
    for (const { kind, weight } of sentimentHabits) {
      const count = picked.filter((one) => one === kind).length;
      assert.ok(Math.abs(count - 100 * weight) < 300, `${kind}: ${count}`);
    }
    assert.throws(() => pickHabit([], random), RangeError);
  });
});

describe('a histogram', () => {
  test('its percentiles are right within a percent, its extremes exactly', () => {
    const histogram = createHistogram();
    for (let ms = 1; ms <= 1_000; ms++) histogram.add(ms);
    const { count, least, p50, p95, p99, most } = histogram.measure('x');
    assert.deepEqual([count, least, most], [1_000, 1, 1_000]);
    for (const [got, exact] of [
      [p50, 500],
      [p95, 950],
      [p99, 990],
    ] as const)
      assert.ok(got >= exact && got <= exact * 1.011, `${got} for ${exact}`);
    assert.equal(histogram.percentile(1), 1_000);
  });

  test('less than its first class is told as it was, and nothing at all is an error', () => {
    const histogram = createHistogram();
    assert.throws(() => histogram.percentile(0.5), RangeError);
    histogram.add(0);
    assert.equal(histogram.percentile(0.99), 0);
  });
});

describe('a tally', () => {
  test('the hit rate is that of the answers with rows', () => {
    const tally = createTally();
    const reply = { status: 200, head: '', body: Buffer.alloc(0) };
    const answer = (source?: string) => ({ kind: 'answer', tookMs: 1, source, reply }) as const;
    tally.note({ kind: 'a' }, [answer('fresh'), answer('fresh'), answer('fresh'), answer('live')]);
    tally.note({ kind: 'b' }, [answer(undefined)]);
    assert.equal(tally.hitRate, 0.75);
    assert.equal(tally.answers, 5);
    assert.deepEqual([...tally.timesByKind.keys()], ['a', 'b']);
    assert.equal(tally.summary, 'fresh 3, live 1');
  });
});
