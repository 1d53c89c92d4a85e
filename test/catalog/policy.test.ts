import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { policySchema } from '../../shared/catalog/policy.ts';

describe('a policy', () => {
  test('left out is the default, in milliseconds, bytes and rows', () => {
    assert.deepEqual(policySchema.parse({}), {
      freshForMs: 300_000,
      freshAtMostMs: 300_000,
      revalidateForMs: 0,
      staleForMs: 86_400_000,
      staleForClosedMs: 86_400_000,
      staleForOpenMs: 86_400_000,
      timeoutMs: 15_000,
      softTimeoutMs: 2_000,
      harvestForMs: 0,
      maxBytesBilled: 2_000_000_000,
      maxRows: 10_000,
      class: 'live',
    });
  });

  test('is parsed from text', () => {
    const policy = policySchema.parse({
      freshFor: '90s',
      revalidateFor: '1.5h',
      staleFor: '7d',
      timeout: '500ms',
      softTimeout: '250ms',
      maxBytesBilled: '1.5GB',
      class: 'analyst',
    });
    assert.equal(policy.freshForMs, 90_000);
    assert.equal(policy.revalidateForMs, 5_400_000);
    assert.equal(policy.staleForMs, 604_800_000);
    assert.equal(policy.timeoutMs, 500);
    assert.equal(policy.maxBytesBilled, 1_500_000_000);
    assert.equal(policy.class, 'analyst');
    const watched = policySchema.parse({ freshWhile: 'tables-unchanged' });
    assert.equal(watched.freshWhile, 'tables-unchanged');
  });

  test('names every number that cannot be read, and what was got', () => {
    assert.deepEqual(
      problems({ freshFor: 'soon', maxBytesBilled: '2 barrels', class: 'cold', maxRows: 0 }),
      ['class', 'freshFor', 'maxBytesBilled', 'maxRows'],
    );
    assert.match(message({ freshFor: 'soon' }), /got "soon"/);
  });

  test('names every number that contradicts another one', () => {
    assert.deepEqual(
      problems({ timeout: '50ms', softTimeout: '2s', freshFor: '2d', staleFor: '1d' }),
      ['softTimeout', 'staleFor', 'timeout'],
    );
  });

  test('takes the wider stale bound for one that is left out', () => {
    const bounds = (text: object) => {
      const { staleForClosedMs, staleForOpenMs, staleForMs } = policySchema.parse(text);
      return [staleForClosedMs, staleForOpenMs, staleForMs];
    };
    assert.deepEqual(bounds({ staleFor: '9m' }), [540_000, 540_000, 540_000]);
    assert.deepEqual(bounds({ staleFor: '9m', staleForOpen: '7m' }), [420_000, 420_000, 540_000]);
    assert.deepEqual(bounds({ staleFor: '9m', staleForClosed: '6m' }), [360_000, 540_000, 540_000]);
  });

  test('names every stale bound that is out of order', () => {
    assert.deepEqual(problems({ staleFor: '1h', staleForClosed: '2h' }), ['staleForClosed']);
    assert.deepEqual(problems({ staleFor: '1h', staleForOpen: '2h', staleForClosed: '1h' }), [
      'staleForOpen',
    ]);
    assert.deepEqual(problems({ staleFor: '1h', staleForOpen: '2h', staleForClosed: '3h' }), [
      'staleForClosed',
      'staleForOpen',
    ]);
    assert.deepEqual(problems({ freshFor: '5m', revalidateFor: '5m', staleForClosed: '9m' }), [
      'staleForClosed',
    ]);
    assert.deepEqual(problems({ freshFor: '5m', revalidateFor: '5m', staleForOpen: '9m' }), [
      'staleForOpen',
    ]);
  });

  test('keeps an entry fresh for longer than its age only where it says so', () => {
    const policy = policySchema.parse({ freshWhile: 'tables-unchanged', staleForClosed: '6h' });
    assert.equal(policy.freshWhile, 'tables-unchanged');
    assert.equal(policy.freshAtMostMs, 6 * 3_600_000);
    const bounded = policySchema.parse({ freshWhile: 'tables-unchanged', freshAtMost: '1h' });
    assert.equal(bounded.freshAtMostMs, 3_600_000);
    assert.deepEqual(problems({ freshWhile: 'always' }), ['freshWhile']);
    assert.deepEqual(problems({ freshAtMost: '1h' }), ['freshAtMost']);
    const freshWhile = 'tables-unchanged';
    assert.deepEqual(problems({ freshWhile, freshAtMost: '4m' }), ['freshAtMost']);
    const staleForClosed = '1h';
    assert.deepEqual(problems({ freshWhile, staleForClosed, freshAtMost: '2h' }), ['freshAtMost']);
  });

  test('does not take a word that it does not know', () => {
    assert.match(message({ ttl: '5m' }), /ttl/);
  });
});

function problems(policy: unknown): string[] {
  return issues(policy)
    .map((issue) => issue.path.join('.'))
    .sort();
}

function message(policy: unknown): string {
  return issues(policy)
    .map((issue) => issue.message)
    .join('\n');
}

function issues(policy: unknown) {
  return policySchema.safeParse(policy).error?.issues ?? [];
}
