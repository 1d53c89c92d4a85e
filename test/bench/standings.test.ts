import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { findingOf, type Samples, shareOf, type Standings } from '../../bench/peers/standings.ts';

function samples(name: string, rates: readonly number[], busy = 1): Samples {
  const volleys = rates.map((perSecond) => ({
    perSecond,
    p50Ms: 1,
    p95Ms: 2,
    p99Ms: 3,
    replies: perSecond,
    bytes: perSecond,
    errors: 0,
  }));
  return { name, volleys, busy: rates.map(() => busy) };
}

const standings: Standings = {
  samples: [
    samples('bare node:http', [100, 200, 400]),
    samples('Punctual', [90, 100, 200]),
    samples('nginx proxy_cache', [200, 300, 900], 0.5),
    samples('Express, a constant', [50, 80, 100]),
  ],
  answer: { status: 200, head: 'HTTP/1.1 200 OK\r\nContent-Encoding: gzip', body: Buffer.alloc(9) },
  missing: ['Varnish (not installed)'],
  cores: { server: '0', load: '1', rest: '1', all: '0-1' },
  tool: 'wrk',
  connections: 32,
  rounds: 3,
  forSeconds: 2,
  warmUpSeconds: 1,
};

describe('who stands where', () => {
  test('a share is taken round by round, and the median is told', () => {
    assert.equal(shareOf(standings), 0.5);
    assert.equal(shareOf(standings, 'nginx proxy_cache'), 2);
  });

  test('every contestant has its speed and latencies, all but the bare server a share of its', () => {
    const { measures } = findingOf(standings);
    const named = (start: string) => measures.filter(({ what }) => what.startsWith(start));
    assert.deepEqual(
      named('Express').map(({ what, unit }) => `${what}: ${unit}`),
      [
        'Express, a constant, 32 at once: requests/s',
        'Express, a constant / bare node:http: ratio',
        'Express, a constant, p50 of 32 at once: ms',
        'Express, a constant, p99 of 32 at once: ms',
      ],
    );
    assert.equal(named('bare').length, 3);
  });

  test('who is faster, who could do more and who is missing is told', () => {
    const { remarks } = findingOf(standings);
    const text = remarks.map(({ remark }) => remark).join('\n');
    assert.match(
      text,
      /Faster: nginx proxy_cache \(2\.00\)\. Slower: Express, a constant \(0\.40\)/,
    );
    assert.match(text, /can do more .*: nginx proxy_cache \(at work for 50 %\)\./);
    assert.match(text, /Not measured: Varnish \(not installed\)\./);
    assert.match(text, /9 bytes \(gzip\)/);
  });

  test('that nothing could be pinned is told', () => {
    const [where] = findingOf({ ...standings, cores: undefined }).remarks;
    assert.match(where?.remark ?? '', /Nothing was pinned/);
  });
});
