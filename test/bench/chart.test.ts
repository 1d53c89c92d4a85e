import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { chartOf } from '../../bench/chart/chart-of.ts';
import { percentilesOf } from '../../bench/chart/percentiles.ts';
import { sampleHit, sampleMeasure, sampleResult, sampleScenario } from './sample-result.ts';

/** The tags that are open at the end, or the first that closes another one: nothing in well-formed XML. */
function unbalanced(xml: string): string[] {
  const open: string[] = [];
  for (const [, slash, name = '', self] of xml.matchAll(/<(\/?)([a-z]+)\b[^<>]*?(\/?)>/g)) {
    if (slash === '/') {
      if (open.pop() !== name) return [`</${name}>`];
    } else if (self !== '/') open.push(name);
  }
  return open;
}

describe('the percentiles of a scenario', () => {
  test('that a load generator summed up are those of one thing', () => {
    const measures = [
      sampleMeasure('Punctual, p50 of 32 at once', 'ms', 5),
      sampleMeasure('Punctual, p99 of 32 at once', 'ms', 9),
      sampleMeasure('p95 of a profile under ab', 'ms', 7),
      sampleMeasure('a page', 'ms', 1),
      sampleMeasure('Punctual, 32 at once', 'requests/s', 1),
    ];
    assert.deepEqual(percentilesOf(measures), [
      { what: 'Punctual, 32 at once', p50: 5, p99: 9 },
      { what: 'a profile under ab', p95: 7 },
      { what: 'a page', p50: 1, p95: 2, p99: 3 },
    ]);
  });
});

describe('the chart', () => {
  test('shows rates as shares of the bare server, the fastest first, and times with percentiles', () => {
    const svg = chartOf(sampleResult(sampleHit(900, 1_000)));
    const bars = [...svg.matchAll(/>([^<>]*requests\/s)<\/text>/g)].map(([, text]) => text);
    assert.deepEqual(bars, [
      '1.00  ·  1,000 requests/s',
      '0.90  ·  900 requests/s',
      '0.50  ·  500 requests/s',
    ]);
    assert.match(svg, /a share of bare node:http \(32 at once\)/);
    assert.match(svg, />35\.6 {2}· {2}71\.1 {2}· {2}107</);
  });

  test('is one picture for light and dark, with a name for who cannot see it', () => {
    const svg = chartOf(sampleResult(sampleHit(900, 1_000)));
    assert.deepEqual(unbalanced(svg), []);
    assert.match(
      svg,
      /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" [^>]*role="img"><title>Punctual/,
    );
    assert.match(svg, /prefers-color-scheme: dark/);
    assert.doesNotMatch(svg, /NaN|undefined|Infinity/);
  });

  test('draws what is odd without breaking: escapes, nothing, zeros, differences below zero', () => {
    const odd = [
      sampleMeasure('<a> & "b"\u001b', 'ms', 1),
      sampleMeasure('added', 'ms', -3),
      sampleMeasure('none', 'ms', Number.NaN),
      sampleMeasure('bare node:http', 'requests/s', 0),
      sampleMeasure('a name that is far too long for the column that is there for names', 'ms', 1),
    ];
    const failed = { name: 'two', question: 'How?', failed: 'x < y' };
    const svg = chartOf(sampleResult(sampleScenario('one', odd), failed));
    assert.deepEqual(unbalanced(svg), []);
    assert.match(svg, /&lt;a&gt; &amp; &quot;b&quot; </);
    assert.match(svg, /FAILED: x &lt; y/);
    assert.match(svg, /…<\/text>/);
    assert.doesNotMatch(svg, /NaN|undefined|Infinity|\p{Cc}(?<!\n)/u);
    assert.deepEqual(unbalanced(chartOf(sampleResult())), []);
  });
});
