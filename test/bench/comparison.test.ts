import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { cautionsOf } from '../../bench/comparison/cautions.ts';
import { compareResults, isWorse } from '../../bench/comparison/compare-results.ts';
import { comparisonText } from '../../bench/comparison/comparison-text.ts';
import { inShares } from '../../bench/comparison/shares.ts';
import type { KeptFigure } from '../../bench/kept-result.ts';
import { sampleHit, sampleMeasure, sampleResult, sampleScenario } from './sample-result.ts';

const only = (what: string, unit: string, p50: number) =>
  sampleResult(sampleScenario('one', [sampleMeasure(what, unit, p50)]));

function verdictOf(what: string, unit: string, before: number, after: number, tolerance = 0.1) {
  const { rows } = compareResults(only(what, unit, before), only(what, unit, after), tolerance);
  return rows[0]?.verdict;
}

describe('a comparison', () => {
  test('lets a time grow and a rate shrink by the tolerance and no more', () => {
    assert.equal(verdictOf('page', 'ms', 10, 11), 'same');
    assert.equal(verdictOf('page', 'ms', 10, 11.1), 'worse');
    assert.equal(verdictOf('page', 'ms', 10, 9), 'better');
    assert.equal(verdictOf('page', 'requests/s', 1_100, 1_000), 'same');
    assert.equal(verdictOf('page', 'requests/s', 1_100, 990), 'worse');
    assert.equal(verdictOf('page', 'requests/s', 1_000, 1_200), 'better');
    assert.equal(verdictOf('page', 'ms', 10, 11.1, 0.2), 'same');
  });

  test('judges neither what is not ours nor what has no better way', () => {
    assert.equal(verdictOf('bare node:http', 'ms', 10, 90), 'not judged');
    assert.equal(verdictOf('nginx proxy_cache', 'requests/s', 90, 10), 'not judged');
    assert.equal(verdictOf('page / client', 'ratio', 1, 2), 'not judged');
    assert.equal(verdictOf('page', 'ms', Number.NaN, 2), 'not judged');
  });

  test('judges a figure by its bound, and failures after none are worse', () => {
    const figure = { what: 'failures', unit: 'failures', bound: 'at most', promised: 0 } as const;
    const withFigure = (one: KeptFigure) => sampleResult(sampleScenario('one', [], [one]));
    const none = withFigure({ ...figure, measured: 0 });
    const [same] = compareResults(none, none, 0).rows;
    assert.equal(same?.verdict, 'same');
    assert.equal(same.ratio, 1);
    const [worse] = compareResults(none, withFigure({ ...figure, measured: 3 }), 0.5).rows;
    assert.equal(worse?.verdict, 'worse');
    assert.equal(worse.ratio, undefined);
    const least = (measured: number) =>
      withFigure({ ...figure, bound: 'at least', promised: 5, measured });
    assert.equal(compareResults(least(10), least(5), 0.1).rows[0]?.verdict, 'worse');
  });

  test('names what only one of the two has, and a scenario that fails now is worse', () => {
    const failed = { name: 'hit', question: 'How fast?', failed: 'nobody answered' };
    const [page, other] = [sampleMeasure('page', 'ms', 1), sampleMeasure('other', 'ms', 1)];
    const before = sampleResult(sampleHit(900, 1_000), sampleScenario('one', [page, other]));
    const after = sampleResult(
      failed,
      sampleScenario('one', [page]),
      sampleScenario('new', [page]),
    );
    const comparison = compareResults(before, after, 0.1);
    assert.deepEqual(comparison.failed, ['hit']);
    assert.deepEqual(comparison.onlyBefore, ['one: other']);
    assert.deepEqual(comparison.onlyAfter, ['new']);
    assert.equal(isWorse(comparison), true);
    assert.match(comparisonText(comparison), /FAILED, and did not before: hit/);
    assert.equal(isWorse(compareResults(after, before, 0.1)), false);
  });

  test('in words names what got worse, by how much', () => {
    const comparison = compareResults(only('page', 'ms', 10), only('page', 'ms', 20), 0.1);
    const text = comparisonText(comparison);
    assert.match(text, /\| page \|\s+ms \|\s+10\.0 \|\s+20\.0 \|\s+2\.00 \|\s+2\.00 \|\s+WORSE \|/);
    assert.match(text, /1 of 1 numbers that are judged are more than 10 % worse:/);
    assert.match(text, /- one: page: 10\.0 → 20\.0 ms, 2\.00 times/);
    const same = compareResults(only('page', 'ms', 10), only('page', 'ms', 10), 0.1);
    assert.match(comparisonText(same), /none is more than 10 % worse/);
  });
});

describe('shares of bare node:http', () => {
  test('are of ours only, and do not know how fast the machine is', () => {
    const slow = inShares(sampleResult(sampleHit(900, 1_000)));
    const fast = inShares(sampleResult(sampleHit(9_000, 10_000)));
    const { rows } = compareResults(slow, fast, 0);
    assert.deepEqual(
      rows.map(({ what, unit, ratio }) => [what, unit, ratio?.toFixed(6)]),
      [
        ['a fresh page, 32 at once', 'requests/s / bare', '1.000000'],
        ['a fresh page, 32 at once', 'ms / bare', '1.000000'],
        ['share of bare node:http', 'ratio', '1.000000'],
      ],
    );
  });

  test('see what lost against the bare server, though the machine is faster', () => {
    const before = inShares(sampleResult(sampleHit(900, 1_000)));
    const after = inShares(sampleResult(sampleHit(5_000, 10_000)));
    const { rows } = compareResults(before, after, 0.2);
    assert.deepEqual(
      rows.map(({ verdict }) => verdict),
      ['worse', 'worse', 'worse'],
    );
  });

  test('leave out scenarios that have none, and keep figures that are counts', () => {
    assert.deepEqual(inShares(only('page', 'ms', 10)).scenarios, []);
    const figure = {
      what: 'x',
      unit: 'failures',
      bound: 'at most',
      promised: 0,
      measured: 0,
    } as const;
    const one = sampleScenario('one', [], [figure, { ...figure, unit: 'ms' }]);
    assert.partialDeepStrictEqual(inShares(sampleResult(one)).scenarios, [{ figures: [figure] }]);
  });
});

describe('cautions', () => {
  test('say what differs but the code', () => {
    const before = sampleResult();
    assert.deepEqual(cautionsOf(before, before), []);
    const after = {
      ...before,
      quick: true,
      loadBefore: 1.9,
      machine: { ...before.machine, node: 'v26.0.0', governor: 'powersave' },
      versions: { nginx: '1.28.0', varnishd: '7.7.0' },
    };
    const text = cautionsOf(before, after).join('\n');
    assert.match(text, /After was a quick run/);
    assert.match(text, /After: the machine was busy \(load 1\.9 on 2 cores\)/);
    assert.match(text, /node v24\.0\.0 → v26\.0\.0, governor unknown → powersave/);
    assert.match(text, /Other versions: nginx 1\.26\.3 → 1\.28\.0\./);
  });
});
