import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { measureOf, median, percentile } from '../../bench/measure/measure.ts';
import { interleave } from '../../bench/measure/rounds.ts';

const quiet = { signal: new AbortController().signal, say: () => undefined };

describe('summing up samples', () => {
  test('a percentile is the smallest sample that covers the share', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => index + 1);
    assert.equal(percentile(hundred, 0.5), 50);
    assert.equal(percentile(hundred, 0.95), 95);
    assert.equal(percentile(hundred, 0.99), 99);
    assert.equal(percentile(hundred, 0), 1);
    assert.equal(percentile(hundred, 1), 100);
    assert.equal(percentile([7], 0.99), 7);
  });

  test('the order of the samples does not matter, and they are left as they are', () => {
    const samples = [9, 1, 5];
    const { least, p50, most, count } = measureOf('x', 'ms', samples);
    assert.deepEqual({ least, p50, most, count }, { least: 1, p50: 5, most: 9, count: 3 });
    assert.equal(median(samples), 5);
    assert.deepEqual(samples, [9, 1, 5]);
  });

  test('no samples are an error and not a zero', () => {
    assert.throws(() => measureOf('x', 'ms', []), RangeError);
  });
});

describe('interleaved rounds', () => {
  test('every contestant runs once in each round, and each takes its turn to be first', async () => {
    const ran: string[] = [];
    const contestant = (name: string) => async (round: number) => void ran.push(`${name}${round}`);
    await interleave(3, [contestant('a'), contestant('b'), contestant('c')], quiet);
    assert.deepEqual(ran, ['a0', 'b0', 'c0', 'b1', 'c1', 'a1', 'c2', 'a2', 'b2']);
  });

  test('an abort ends them before the next contestant', async () => {
    const stop = new AbortController();
    let ran = 0;
    const contestant = async () => {
      ran++;
      stop.abort();
    };
    const all = interleave(3, [contestant, contestant], { ...quiet, signal: stop.signal });
    await assert.rejects(all, { name: 'AbortError' });
    assert.equal(ran, 1);
  });
});
