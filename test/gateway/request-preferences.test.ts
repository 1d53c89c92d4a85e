import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readPreferences } from '../../gateway/http/request-preferences.ts';

const mostMs = 18_000;
const unbound = {
  answerWithinMs: mostMs,
  maxAgeMs: Number.POSITIVE_INFINITY,
  minFreshMs: 0,
  maxStaleMs: Number.POSITIVE_INFINITY,
  noCache: false,
  onlyIfCached: false,
};
const read = (headers: Record<string, string>) => readPreferences(headers, mostMs);

describe('preferences of a request', () => {
  test('bind nothing when there are none', () => {
    assert.deepEqual(read({}), { preferences: unbound, problems: [] });
  });

  test('are read from all directives at once, whatever their case, spaces and quotes', () => {
    const { preferences, problems } = read({
      'cache-control': 'Max-Age=60 ,MIN-FRESH=5,max-stale="30", no-cache , only-if-cached',
    });
    assert.deepEqual(problems, []);
    assert.deepEqual(preferences, {
      answerWithinMs: mostMs,
      maxAgeMs: 60_000,
      minFreshMs: 5_000,
      maxStaleMs: 30_000,
      noCache: true,
      onlyIfCached: true,
    });
  });

  test('take max-stale without seconds for any staleness, and with 0 for none', () => {
    assert.equal(read({ 'cache-control': 'max-stale' }).preferences.maxStaleMs, Infinity);
    assert.equal(read({ 'cache-control': 'max-stale=0' }).preferences.maxStaleMs, 0);
  });

  test('ignore directives that nobody knows', () => {
    const { preferences, problems } = read({ 'cache-control': 'no-transform, x=1, ,' });
    assert.deepEqual({ preferences, problems }, { preferences: unbound, problems: [] });
  });

  test('name every directive and header that says nothing', () => {
    const { problems } = read({
      'cache-control': 'max-age, min-fresh=-1, max-stale=1.5',
      'request-timeout': '0',
    });
    assert.deepEqual(
      problems.map(({ got }) => got),
      ['0', 'max-age=', 'min-fresh=-1', 'max-stale=1.5'],
    );
  });

  test('may shorten the time of the answer, never lengthen it', () => {
    const within = (seconds: string) =>
      read({ 'request-timeout': seconds }).preferences.answerWithinMs;
    assert.equal(within('2.5'), 2_500);
    assert.equal(within('18'), mostMs);
    assert.equal(within('600'), mostMs);
    for (const text of ['-1', 'soon', '', '1e3', '0.0', 'Infinity', '2,5'])
      assert.equal(read({ 'request-timeout': text }).problems.length, 1, text);
  });
});
