import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { bareBeside, loadOf, shareOfBare, sideOf } from '../../bench/contestant.ts';
import { peerList } from '../../bench/peers/peer-list.ts';
import { sampleMeasure } from './sample-result.ts';

describe('whose a measure is', () => {
  test('is said by how its name begins', () => {
    assert.equal(sideOf('bare node:http, 32 at once'), 'bare');
    assert.equal(sideOf('the official client alone'), 'peer');
    assert.equal(sideOf('client: home-trending alone'), 'peer');
    assert.equal(sideOf('p95 of bare node:http under ab'), 'bare');
    assert.equal(sideOf('p95 of a profile under ab'), 'ours');
    assert.equal(sideOf('a fresh home page, 32 at once'), 'ours');
    assert.equal(sideOf('home page / bare node:http, requests per second'), 'ours');
  });

  test('is known of every peer that there is', () => {
    assert.ok(peerList.length > 0);
    for (const { name } of peerList) assert.equal(sideOf(name), 'peer', name);
  });
});

describe('the bare server beside a measure', () => {
  const one = sampleMeasure('bare node:http, one connection', 'ms', 1);
  const many = sampleMeasure('bare node:http, 32 at once', 'ms', 2);
  const rate = sampleMeasure('bare node:http, 32 at once', 'requests/s', 3);
  const all = [one, many, rate];

  test('has its unit and its load, whatever commas its name has', () => {
    assert.equal(bareBeside({ what: 'a page, one connection', unit: 'ms' }, all), one);
    assert.equal(bareBeside({ what: 'Express, a constant, 32 at once', unit: 'ms' }, all), many);
    assert.equal(bareBeside({ what: 'a page, 32 at once', unit: 'requests/s' }, all), rate);
    assert.equal(bareBeside(many, all), many);
    assert.equal(loadOf(many), '32 at once');
  });

  test('is none when no load fits, and the one without a load when there is one', () => {
    assert.equal(bareBeside({ what: 'a page, 64 at once', unit: 'ms' }, all), undefined);
    assert.equal(bareBeside({ what: 'a page, 32 at once', unit: 'ratio' }, all), undefined);
    const whole = sampleMeasure('bare node:http', 'ms', 1);
    assert.equal(bareBeside({ what: 'a page', unit: 'ms' }, [...all, whole]), whole);
    assert.equal(loadOf(whole), '');
  });
});

describe('a share of the bare server', () => {
  const bare = sampleMeasure('bare node:http, 32 at once', 'requests/s', 1_000);
  const ours = sampleMeasure('Punctual, 32 at once', 'requests/s', 900);

  test('is the median of the rounds’ shares where that was measured, else the ratio of the medians', () => {
    assert.equal(shareOfBare(ours, bare, [bare, ours]), 0.9);
    const ofRounds = sampleMeasure('Punctual / bare node:http', 'ratio', 0.95);
    assert.equal(shareOfBare(ours, bare, [bare, ours, ofRounds]), 0.95);
  });
});
