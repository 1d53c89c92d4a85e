import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type BareItem, parseList, Token } from 'structured-headers';
import type { Answer } from '../../gateway/answer/answer.ts';
import { entityTag, freshnessHeaders, matchesTag } from '../../gateway/http/freshness-headers.ts';
import { answered, constantRows, noon, nothing, policy } from './answers.ts';

const headersOf = (answers: readonly Answer[], variant = '/a') =>
  freshnessHeaders(
    answers.map((answer) => ({ answer, policy })),
    entityTag(answers, variant),
    noon,
  );
const cacheStatus = (...answers: Answer[]) => {
  const [member, ...more] = parseList(headersOf(answers)['Cache-Status'] ?? '');
  assert.ok(member && more.length === 0);
  assert.equal(String(member[0]), 'punctual');
  return Object.fromEntries([...member[1]].map(([name, value]) => [name, plain(value)]));
};
const plain = (value: BareItem) => (value instanceof Token ? value.toString() : value);

describe('Cache-Status', () => {
  test('is a list of RFC 9211 for every source', () => {
    assert.deepEqual(cacheStatus(answered('fresh', 60)), { hit: true, ttl: 540 });
    assert.deepEqual(cacheStatus(answered('live', 0)), { fwd: 'miss', stored: true, ttl: 600 });
    assert.deepEqual(cacheStatus(answered('live', 0, { collapsed: true })), {
      fwd: 'miss',
      stored: true,
      ttl: 600,
      collapsed: true,
    });
    assert.deepEqual(cacheStatus(answered('stale', 700, { reason: 'revalidating' })), {
      hit: true,
      ttl: -100,
      detail: 'revalidating',
    });
    assert.deepEqual(cacheStatus(constantRows), { fwd: 'miss', detail: 'timeout' });
    assert.deepEqual(cacheStatus(nothing), { fwd: 'miss', detail: 'failed' });
  });

  test('says of a previous version, however young, that it is not fresh', () => {
    const before = answered('stale', 60, { reason: 'revalidating', isPrevious: true });
    assert.deepEqual(cacheStatus(before), { hit: true, ttl: -60, detail: 'revalidating' });
  });

  test('never says of what was fresh when it was looked up that it is stale', () => {
    assert.deepEqual(cacheStatus(answered('fresh', 602)), { hit: true, ttl: 0 });
  });

  test('says since when what was outdated is stale, and for how long what did not change is fresh', () => {
    const outdated = { outdatedAt: noon - 7_000, reason: 'revalidating' } as const;
    assert.equal(cacheStatus(answered('stale', 60, outdated))['ttl'], -7);
    const landed = answered('live', 60, { outdatedAt: noon - 7_000 });
    assert.match(headersOf([landed])['Cache-Control'] ?? '', /max-age=60,/);
    const unchanged = answered('fresh', 1_200, { unchangedAt: noon - 30_000 });
    const policyOfIt = { ...policy, freshAtMostMs: 3_600_000 };
    const headers = freshnessHeaders([{ answer: unchanged, policy: policyOfIt }], '"t"', noon);
    assert.equal(headers['Cache-Status'], 'punctual; hit; ttl=60');
    assert.match(headers['Cache-Control'] ?? '', /max-age=1260,/);
  });

  test('speaks for the part that is worst off', () => {
    const stale = answered('stale', 700, { reason: 'timeout' });
    assert.equal(cacheStatus(answered('fresh', 1), stale)['detail'], 'timeout');
  });
});

describe('Age and Cache-Control', () => {
  test('count from the oldest part, and max-age ends when the first part stops being fresh', () => {
    const { Age, 'Cache-Control': control } = headersOf([
      answered('fresh', 60),
      answered('live', 0),
    ]);
    assert.equal(Age, '60');
    assert.equal(control, 'public, max-age=600, stale-while-revalidate=1200');
  });

  test('let nobody keep what is degraded', () => {
    const control = (...answers: Answer[]) => headersOf(answers)['Cache-Control'];
    assert.equal(
      control(answered('stale', 700, { reason: 'timeout' })),
      'public, max-age=0, must-revalidate',
    );
    assert.equal(control(constantRows), 'no-store');
    assert.equal(control(answered('fresh', 1), nothing), 'no-store');
  });

  test('have no age where nothing has one', () => {
    assert.equal('Age' in headersOf([constantRows]), false);
  });
});

describe('ETag', () => {
  const tag = (answers: readonly Answer[], variant?: string) => headersOf(answers, variant)['ETag'];
  const fresh = answered('fresh', 60);

  test('is the same for the answer that brings an entry and for those that find it', () => {
    assert.equal(tag([fresh]), tag([answered('live', 60)]));
    assert.equal(tag([fresh]), tag([answered('live', 60, { collapsed: true })]));
  });

  test('differs with the entry, its instant, its label, the path and the number of parts', () => {
    const others = [
      tag([answered('fresh', 61)]),
      tag([answered('fresh', 60, { fingerprint: '0'.repeat(64) })]),
      tag([answered('stale', 60, { reason: 'timeout' })]),
      tag([answered('stale', 60, { reason: 'failed' })]),
      tag([fresh], '/b'),
      tag([fresh, fresh]),
      tag([constantRows]),
      tag([{ ...constantRows, rows: Buffer.from('[1]') }]),
      tag([nothing]),
    ];
    assert.equal(new Set([tag([fresh]), ...others]).size, others.length + 1);
  });

  test("differs with a previous version's rows, which are brought to the columns of this one", () => {
    const label = { reason: 'timeout', isPrevious: true } as const;
    const before = answered('stale', 60, label);
    const tags = [
      tag([before]),
      tag([answered('stale', 60, { ...label, rows: Buffer.from('[{}]') })]),
      tag([answered('stale', 61, label)]),
      tag([answered('stale', 60, { reason: 'timeout' })]),
    ];
    assert.equal(new Set(tags).size, tags.length);
  });

  test('is compared weakly, in lists, and with a star', () => {
    const matching = ['W/"x"', '"x"', '"a", W/"x"', '*', ' * '];
    for (const header of matching) assert.ok(matchesTag(header, 'W/"x"'), header);
    for (const header of [undefined, '', 'x', 'W/"y"', '"xx"'])
      assert.ok(!matchesTag(header, 'W/"x"'), header);
  });
});
